import "reflect-metadata";
import {
  Body,
  Controller,
  HttpCode,
  Inject,
  Injectable,
  Module,
  Post,
  type OnApplicationShutdown,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import OpenAI from "openai";
import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";
import {
  insertOnSpan,
  scouterTracing,
  setGenAiResult,
  withGenAiSpan,
  withSpan,
} from "@scouter/sdk/tracing";

const tracing = await scouterTracing({
  serviceName: "nestjs",
  endpoint: process.env.SCOUTER_OTLP_URI ?? "http://localhost:4318/v1/traces",
});

@Injectable()
class AnswerService implements OnApplicationShutdown {
  readonly #openai = new OpenAI({ apiKey: process.env.OPENAI_API_KEY ?? "unset" });
  readonly #queue = new ScouterQueue({
    profiles: { answers: { uid: process.env.SCOUTER_PROFILE_UID ?? "" } },
    transport: httpTransport({
      baseUrl: process.env.SCOUTER_SERVER_URI ?? "http://localhost:8000",
    }),
  });

  async answer(question: string): Promise<string> {
    const call = { operation: "chat", provider: "openai", model: "gpt-4o-mini" };
    const answer = await withGenAiSpan(call, async (span) => {
      const { choices, usage } = await this.#openai.chat.completions.create({
        model: call.model,
        messages: [{ role: "user", content: question }],
      });
      setGenAiResult(span, {
        inputTokens: usage?.prompt_tokens,
        outputTokens: usage?.completion_tokens,
      });
      return choices[0]?.message.content ?? "";
    });
    insertOnSpan(this.#queue, "answers", evalRecord({ context: { question, answer } }));
    return answer;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#queue.shutdown(), tracing.shutdown()]);
  }
}

@Controller()
class AskController {
  constructor(@Inject(AnswerService) private readonly answers: AnswerService) {}

  @Post("ask")
  @HttpCode(200)
  ask(@Body("question") question: string): Promise<{ answer: string }> {
    return withSpan("POST /ask", async () => ({ answer: await this.answers.answer(question) }));
  }
}

@Module({ controllers: [AskController], providers: [AnswerService] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ["error"] });
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
console.log("listening");
