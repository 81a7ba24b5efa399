/** What the agents' tool knows: whole degrees Celsius by city. */
export const temperatures: Readonly<Record<string, number>> = {
  Oslo: 4,
  Lisbon: 19,
  Nairobi: 24,
  Lima: 17,
  Hanoi: 28,
  Perth: 22,
};

export async function temperatureIn({ city }: { readonly city: string }) {
  return { city, celsius: temperatures[city] ?? null };
}
