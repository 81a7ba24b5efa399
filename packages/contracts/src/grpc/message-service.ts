import { bytes, repeatedNested, text, uint64 } from "../protobuf/field.ts";
import type { MessageOf } from "../protobuf/message-shape.ts";
import { messageType } from "../protobuf/message-type.ts";
import { serviceType } from "../protobuf/service-type.ts";

/** An item of a message that was not stored; the field numbers above 2 of the reply are ours, older clients skip them. */
const rejectedItem = messageType("scouter.grpc.v1.RejectedItem", {
  index: uint64(1),
  uid: text(2),
  code: text(3),
  message: text(4),
  remedy: text(5),
});

export const insertMessageResponse = messageType("scouter.grpc.v1.InsertMessageResponse", {
  status: text(1),
  message: text(2),
  accepted: uint64(3),
  rejected: repeatedNested(4, rejectedItem),
});
export type InsertMessageResponse = MessageOf<typeof insertMessageResponse>;

/** Records, spans or a tag: the JSON that `POST /scouter/message` takes, as bytes. */
export const messageService = serviceType("scouter.grpc.v1.MessageService", {
  InsertMessage: {
    request: messageType("scouter.grpc.v1.InsertMessageRequest", { message_record: bytes(1) }),
    reply: insertMessageResponse,
  },
});
