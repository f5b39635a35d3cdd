// Parses AsyncAPI documents with all that they refer to; prints, by file, what is wrong
// and what the parser made of it, for the tests to compare.
import { Parser, fromFile } from "@asyncapi/parser";

const parser = new Parser();
const found = {};
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await fromFile(parser, file).parse();
  found[file] = {
    problems: diagnostics
      .filter(({ severity }) => severity <= 1)
      .map(({ message, path }) => `${path.join(".")}: ${message}`),
    channels: Object.fromEntries(
      (document?.channels().all() ?? []).map((channel) => [
        channel.address(),
        channel.messages().all().map((message) => message.name()),
      ]),
    ),
  };
}
console.log(JSON.stringify(found));
