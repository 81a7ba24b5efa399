import { z } from "zod";
import { errors } from "../../../errors.ts";
import { bearerOf, credentialsOf } from "../../guard/presented.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const token = z.object({ token: z.string() });
const tags = ["authentication"];

/** Login, renewal and check of access tokens. Open to everybody. */
export function authRoutes(app: JsonRoutes, { authenticator }: ApiParts): void {
  app.get(
    "/scouter/auth/login",
    { schema: { tags, response: { 200: token } } },
    async ({ headers, ip }, reply) => {
      const credentials = credentialsOf(headers);
      if (credentials === undefined) {
        const header = headers["username"] === undefined ? "Username" : "Password";
        throw errors.SERVER_CREDENTIALS_MISSING({ header });
      }
      void reply.header("cache-control", "no-store");
      return { token: await authenticator.login(credentials, ip) };
    },
  );

  app.get(
    "/scouter/auth/refresh",
    { schema: { tags, response: { 200: token } } },
    async ({ headers }, reply) => {
      const bearer = bearerOf(headers);
      if (bearer === undefined) throw errors.SERVER_TOKEN_MISSING({});
      void reply.header("cache-control", "no-store");
      return { token: await authenticator.refresh(bearer) };
    },
  );

  app.get(
    "/scouter/auth/validate",
    { schema: { tags, response: { 200: z.object({ is_authenticated: z.literal(true) }) } } },
    async ({ headers }) => {
      const bearer = bearerOf(headers);
      if (bearer === undefined) throw errors.SERVER_TOKEN_MISSING({});
      if (!(await authenticator.validate(bearer))) throw errors.SERVER_TOKEN_INVALID({});
      return { is_authenticated: true as const };
    },
  );
}
