import { z } from "zod";
import { WELL_KNOWN_GUEST } from "../../../auth/first-users.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const signIn = z.object({
  /** Name of the user whose password is its name; null when there is none. */
  guest: z.string().nullable(),
});

/**
 * `GET /scouter/v2/sign-in`: how a browser may come in. Open to everybody, so it says nothing of a server that
 * strangers reach, and of a private one only what its start log says.
 */
export function signInRoutes(app: JsonRoutes, { config, knownUsers }: ApiParts): void {
  app.get(
    "/scouter/v2/sign-in",
    { schema: { tags: ["authentication"], response: { 200: signIn } } },
    async (_request, reply) => {
      void reply.header("cache-control", "no-store");
      if (!config.auth.privateServer) return { guest: null };
      const guest = await knownUsers.find(WELL_KNOWN_GUEST);
      return { guest: guest?.active === true ? guest.username : null };
    },
  );
}
