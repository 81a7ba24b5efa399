import { readFileSync } from "node:fs";
import { type Span, trace } from "@opentelemetry/api";
import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";
import { type Article, searchArticles } from "./articles.ts";
import { askModel, type ChatTarget } from "./chat.ts";

/** Observations of the two parts go to their profiles. In an evaluation they are judged at once and not sent. */
const queue = new ScouterQueue({
  profiles: {
    retriever: { uid: "0198f4a2-5f6e-7c31-9a58-000000000001" },
    writer: { uid: "0198f4a2-5f6e-7c31-9a58-000000000002" },
  },
  transport: httpTransport(),
});

export interface DeskOptions extends ChatTarget {
  /** Name of the retriever's prompt, a file in `prompts/`. */
  readonly prompt: string;
}

/** Answers a customer: finds articles, then writes from them. */
export function answerCustomer(question: string, options: DeskOptions): Promise<string> {
  return spanned("answer customer", async () => {
    const found = await retrieve(question, options);
    return write(question, found, options);
  });
}

async function retrieve(question: string, options: DeskOptions): Promise<readonly Article[]> {
  const { toolCall } = await askModel(options, [
    { role: "system", content: promptText(options.prompt) },
    { role: "user", content: question },
  ]);
  const { product = "", problem } = toolCall?.arguments ?? {};
  const found = await spanned("search articles", async (span) => {
    const articles = searchArticles(product, problem);
    span.setAttributes({ product, found: articles.length });
    return articles;
  });
  const ids = found.map(({ id }) => id);
  queue.insert("retriever", evalRecord({ context: { question, product, found: ids } }));
  return found;
}

async function write(
  question: string,
  found: readonly Article[],
  target: ChatTarget,
): Promise<string> {
  const { text } = await askModel(target, [
    { role: "system", content: promptText("writer") },
    { role: "user", content: `${question}\n${JSON.stringify(found)}` },
  ]);
  const cited = /KB-\d+/.exec(text)?.[0] ?? "";
  queue.insert(
    "writer",
    evalRecord({ context: { question, text, cited, found: found.map(({ id }) => id) } }),
  );
  return text;
}

function promptText(name: string): string {
  return readFileSync(new URL(`../prompts/${name}.md`, import.meta.url), "utf8");
}

function spanned<Result>(name: string, work: (span: Span) => Promise<Result>): Promise<Result> {
  return trace.getTracer("help-desk").startActiveSpan(name, async (span) => {
    try {
      return await work(span);
    } finally {
      span.end();
    }
  });
}
