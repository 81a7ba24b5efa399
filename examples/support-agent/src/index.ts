export { makeQuestions, MAXIMUM_QUESTIONS } from "./question/make-questions.ts";
export type { Question } from "./question/question.ts";
export { readCarList } from "./cars/car-list.ts";
export { startModelServer, type ModelServer } from "./model/model-server.ts";
export { answerQuestion, AGENT_NAME } from "./agent/support-agent.ts";
