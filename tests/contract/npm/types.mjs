// TypeScript types of a JSON Schema that comes on standard input.
import { readFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const schema = JSON.parse(readFileSync(0, "utf8"));
const banner = "// Made by `make schemas` from the messages; do not edit.";
const types = await compile(schema, "Message", {
  bannerComment: banner,
  additionalProperties: false,
  unreachableDefinitions: true,
  format: true,
});
process.stdout.write(types);
