// Public entry.
export {
  DEFAULT_QUESTIONS,
  DEFAULT_SEED,
  runDemo,
  type AnsweredQuestion,
  type DemoOptions,
  type DemoProgress,
  type DemoReport,
} from "./run-demo.ts";
export { MAXIMUM_QUESTIONS } from "./question/make-questions.ts";
