import { evaluate } from "./command.ts";

const { failed, output, complaint } = evaluate(process.argv.slice(2));
if (complaint === undefined) console.log(output);
else console.error(complaint);
process.exitCode = failed ? 1 : 0;
