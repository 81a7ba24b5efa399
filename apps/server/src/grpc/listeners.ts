import { authService, evalScenarioService, messageService } from "@scouter/contracts/grpc";
import type { Database } from "@scouter/database";
import type { Authenticator } from "../auth/authenticator.ts";
import type { ProfileSpaces } from "../auth/profile-spaces.ts";
import type { Ingest } from "../ingest/ingest.ts";
import { openGate, writerGate } from "./call/call-gate.ts";
import type { GrpcService } from "./call/grpc-service.ts";
import { createGrpcListener, type GrpcListener } from "./grpc-listener.ts";
import { authGrpcService } from "./service/auth-service.ts";
import { evalScenarioGrpcService } from "./service/eval-scenario-service.ts";
import { describedFile } from "./service/file-descriptor.ts";
import { healthGrpcService, type HealthParts } from "./service/health-service.ts";
import { messageGrpcService } from "./service/message-service.ts";
import { reflectionGrpcServices } from "./service/reflection-service.ts";
import { traceGrpcService } from "./service/trace-service.ts";

export interface GrpcParts extends HealthParts {
  readonly ingest: Ingest;
  readonly database: Pick<Database, "evalScenarios">;
  readonly newId: () => string;
  readonly maxMessageBytes: number;
  readonly authenticator: Authenticator;
  readonly profileSpaces: ProfileSpaces;
  /** Whether spans may be exported without a token. */
  readonly auth: { readonly otlpAnonymous: boolean };
}

/** Our own services, with a description for tools. */
export function createScouterGrpc(parts: GrpcParts): GrpcListener {
  const gate = writerGate(parts.authenticator);
  const services = withHealth(parts, [
    authGrpcService(parts.authenticator, parts),
    messageGrpcService(parts, gate),
    evalScenarioGrpcService(parts, gate),
  ]);
  const names = services.map(({ name }) => name);
  const file = describedFile("scouter/grpc/v1/scouter.proto", "scouter.grpc.v1", [
    authService,
    messageService,
    evalScenarioService,
  ]);
  const reflection = reflectionGrpcServices(parts, names, file);
  return createGrpcListener({ ...parts, services: [...services, ...reflection] });
}

/** OTLP over gRPC at the port that every exporter uses unless told otherwise. */
export function createOtlpGrpc(parts: GrpcParts): GrpcListener {
  const gate = parts.auth.otlpAnonymous ? openGate : writerGate(parts.authenticator);
  const services = withHealth(parts, [traceGrpcService(parts, gate)]);
  return createGrpcListener({ ...parts, services });
}

function withHealth(parts: GrpcParts, services: readonly GrpcService[]): readonly GrpcService[] {
  const names = services.map(({ name }) => name);
  return [...services, healthGrpcService(parts, names)];
}
