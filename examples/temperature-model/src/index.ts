// Public entry.
export {
  DEFAULT_MODEL_SEED,
  DEFAULT_SCHEDULE,
  runModelDemo,
  type ModelDemoOptions,
  type ModelDemoProgress,
  type ModelDemoReport,
  type ProfileName,
} from "./run-model-demo.ts";
