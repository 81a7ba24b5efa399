export { aiSdkAgent } from "./ai-sdk-agent.ts";
export { langChainAgent } from "./langchain-agent.ts";
