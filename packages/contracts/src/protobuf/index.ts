export * from "./field.ts";
export type * from "./message-shape.ts";
export { messageType } from "./message-type.ts";
export {
  rpcPath,
  serviceType,
  type ServiceType,
  type UnaryMethodType,
  type UnaryMethodTypes,
} from "./service-type.ts";
