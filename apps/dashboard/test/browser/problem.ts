/** What `page.route` answers in the server's place when a page is to show an error. */
export const PROBLEM = {
  status: 400,
  contentType: "application/problem+json",
  json: { detail: "the moon is full", code: "SERVER_MOON", suggested_action: "wait" },
} as const;
