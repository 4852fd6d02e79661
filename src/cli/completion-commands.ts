import { Argument, type Command } from "commander";
import type { Shell } from "./completion.ts";

const SHELLS: readonly Shell[] = ["bash", "zsh", "fish", "powershell"];

const HELP = `
Examples:
  source <(ingress-doctor completion bash)      in ~/.bashrc; needs the package bash-completion
  source <(ingress-doctor completion zsh)       in ~/.zshrc, after compinit
  ingress-doctor completion fish | source       in ~/.config/fish/config.fish
`;

/**
 * Adds the command that prints a completion script, and the hidden one that such a script asks for suggestions.
 *
 * @param describe makes the program without these two, to be read for what can be completed
 */
export function addCompletion(program: Command, describe: () => Command): void {
  program
    .command("completion")
    .description("print the script that makes a shell complete commands, options and names")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addHelpText("after", HELP)
    .action(async (shell: Shell) => {
      const { printScript } = await import("./completion.ts");
      printScript(program.name(), shell);
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const { printSuggestions } = await import("./completion.ts");
      await printSuggestions(describe(), words);
    });
}
