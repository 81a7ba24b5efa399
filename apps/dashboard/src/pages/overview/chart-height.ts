/** Of the charts of the overview: two rows of them and the list above fit a laptop's screen. */
export const CHART_HEIGHT_PX = 140;
