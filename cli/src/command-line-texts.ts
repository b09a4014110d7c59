import type { Command, Option } from 'commander';

/** What the command line says by itself, piece by piece; what stands in quotation marks stays. */
const inChinese: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown option '(.*?)'/, "错误：没有选项 '$1'"],
  [/^error: unknown command '(.*?)'/, "错误：没有命令 '$1'"],
  [/^error: missing required argument '(.*?)'/, "错误：缺少参数 '$1'"],
  [/^error: required option '(.*?)' not specified/, "错误：缺少选项 '$1'"],
  [/^error: option '(.*?)' argument missing/, "错误：选项 '$1' 缺少取值"],
  [/^error: option '(.*?)' argument '(.*?)' is invalid\./, "错误：选项 '$1' 的值 '$2' 无效。"],
  [
    /^error: command-argument value '(.*?)' is invalid for argument '(.*?)'\./,
    "错误：参数 '$2' 的值 '$1' 无效。",
  ],
  [
    /^error: too many arguments(?: for '(.*?)')?\. Expected (\d+) arguments? but got (\d+)\b.*/,
    '错误：参数过多：应为 $2 个，现有 $3 个。',
  ],
  [/Allowed choices are (.*)\./, '可选：$1。'],
  [/\(Did you mean (?:one of )?(.*?)\?\)/, '（是否想写 $1？）'],
  [/^error: /, '错误：'],
];

/** A message about a command line that was not understood, in Chinese; what is not known stays as it is. */
export const chineseOf = (message: string): string =>
  inChinese.reduce((text, [said, by]) => text.replace(said, by), message);

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Global Options:': '通用选项：',
  'Commands:': '命令：',
};

/** What is said of an option: its value where nothing is given only where there is one. */
function describeOption({ description, defaultValue }: Option, chinese: boolean): string {
  const isNothing = Array.isArray(defaultValue) ? defaultValue.length === 0 : !defaultValue;
  if (isNothing) return description;
  const value = typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue);
  return chinese ? `${description}（默认 ${value}）` : `${description} (default: ${value})`;
}

/**
 * Lets a command and those that are made below it afterwards say in one language what the library for command
 * lines says by itself.
 */
export function speak(program: Command, chinese: boolean): Command {
  program.configureHelp({ optionDescription: (option) => describeOption(option, chinese) });
  if (!chinese) return program;
  return program
    .configureHelp({
      optionDescription: (option) => describeOption(option, chinese),
      styleTitle: (title) => titles[title] ?? title,
    })
    .configureOutput({ outputError: (text, write) => write(chineseOf(text)) })
    .helpOption('-h, --help', '显示帮助')
    .helpCommand('help [command]', '显示某个命令的帮助');
}
