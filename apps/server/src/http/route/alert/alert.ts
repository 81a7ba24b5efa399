import {
  driftAlertPage,
  driftAlertPaginationRequest,
  updateAlertRequest,
} from "@scouter/contracts";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const tags = ["alerts"];

export function alertRoutes(app: JsonRoutes, { database, profileSpaces }: ApiParts): void {
  app.post(
    "/scouter/alerts",
    { schema: { tags, body: driftAlertPaginationRequest, response: { 200: driftAlertPage } } },
    async (request) => {
      const { body } = request;
      await requireOnEntity(request, "read", () => profileSpaces.ofAll([body.uid]));
      const page = await database.alerts.page(body);
      return { ...page, items: [...page.items] };
    },
  );

  app.put(
    "/scouter/alerts",
    {
      schema: {
        tags,
        body: updateAlertRequest,
        response: { 200: z.object({ updated: z.literal(true) }) },
      },
    },
    async (request) => {
      const { id, active } = request.body;
      await requireOnEntity(request, "write", async () => {
        const profileUid = await database.alerts.profileOf(id);
        return profileUid === undefined ? [] : profileSpaces.ofAll([profileUid]);
      });
      if (!(await database.alerts.setActive(id, active))) {
        throw errors.SERVER_ALERT_NOT_FOUND({ id });
      }
      return { updated: true as const };
    },
  );
}
