import type { Json } from "@scouter/contracts";
import { isJsonObject } from "../json/json-type.ts";
import { readAgentResponse } from "../agent-response/read-agent-response.ts";

/** Where agents of one's own put what they say. */
const TEXT_MEMBERS = ["text", "answer", "output", "response", "content", "message"] as const;

/** What an answer says to a person: its text, a member that holds it, a model's content, else the answer as JSON. */
export function responseText(response: Json): string {
  if (typeof response === "string") return response;
  if (response === null) return "";
  const member = isJsonObject(response) ? textMember(response) : undefined;
  return member ?? modelText(response) ?? JSON.stringify(response);
}

function textMember(response: Readonly<Record<string, Json>>): string | undefined {
  for (const name of TEXT_MEMBERS) {
    const value = response[name];
    if (typeof value === "string") return value;
  }
  return undefined;
}

function modelText(response: Json): string | undefined {
  try {
    return readAgentResponse(response).response.text ?? undefined;
  } catch {
    // No model's answer: it is shown as it is.
    return undefined;
  }
}
