import { afterEach, describe } from "vitest";
import { describeAppending } from "./ingest-log/appending.ts";
import { describeDuplicates } from "./ingest-log/duplicates.ts";
import { describeAdoption, describeClosing, describeReleasing } from "./ingest-log/life-cycle.ts";
import { describeModel } from "./ingest-log/model.ts";
import { type IngestLogSubject, type Make, Place } from "./ingest-log/place.ts";

export type { IngestLogSubject } from "./ingest-log/place.ts";

/** The contract of the `IngestLog` port; every adapter's test calls it with a maker of empty places. */
export function ingestLogContract(
  name: string,
  makeSubject: () => Promise<IngestLogSubject>,
): void {
  describe(`${name} keeps the ingest log contract`, () => {
    const places: Place[] = [];
    const make: Make = async () => {
      const place = new Place(await makeSubject());
      places.push(place);
      return place;
    };
    afterEach(async () => {
      for (const place of places.splice(0)) await place.close();
    });

    describeAppending(make);
    describeDuplicates(make);
    describeReleasing(make);
    describeAdoption(make);
    describeClosing(make);
    describeModel(make);
  });
}
