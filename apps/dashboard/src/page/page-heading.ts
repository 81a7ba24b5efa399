/** Where the focus goes when the page changes, so that keyboards and screen readers follow. */
export const PAGE_HEADING_ID = "page-heading";
