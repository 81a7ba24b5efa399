import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { HttpConfig } from "../config/config.ts";
import { contentEncodingOf, inflated } from "./body/content-encoding.ts";
import { parseJson } from "../json/parse-json.ts";
import { readBody } from "./body/read-body.ts";

/** An instance whose routes take schemas made with zod. */
export type JsonRoutes = ReturnType<typeof jsonRoutes>;

type Limits = Pick<HttpConfig, "maxBodyBytes" | "maxInflatedBytes">;

/** Makes an instance read JSON bodies, inflated and bounded, and check them with the routes' zod schemas. */
export function jsonRoutes(app: FastifyInstance, limits: Limits) {
  app.addContentTypeParser(
    "application/json",
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const encoding = contentEncodingOf(request.headers["content-encoding"]);
      const body = await readBody(payload, limits.maxBodyBytes);
      return parseJson(await inflated(body, encoding, limits.maxInflatedBytes));
    },
  );
  return withZodSchemas(app);
}

export function withZodSchemas(app: FastifyInstance) {
  app.setValidatorCompiler(validatorCompiler);
  // Response schemas document only: running replies through them would cost time and could drop fields.
  app.setSerializerCompiler(() => (reply) => JSON.stringify(reply));
  return app.withTypeProvider<ZodTypeProvider>();
}
