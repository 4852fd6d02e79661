import { benchEngine } from "./bench-engine.ts";

for (const { name, value, unit, budget } of benchEngine()) {
  const bound = budget === undefined ? "" : `  (budget ${budget} ${unit})`;
  console.log(`${name}: ${value < 10 ? value.toFixed(2) : Math.round(value)} ${unit}${bound}`);
}
