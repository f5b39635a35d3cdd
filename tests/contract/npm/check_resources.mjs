// Checks custom resources, a JSON list on standard input, by the schemas of their makers.
import { readFileSync } from "node:fs";

const packages = {
  "keda.sh": "@kubernetes-models/keda",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};
const problems = [];
for (const resource of JSON.parse(readFileSync(0, "utf8"))) {
  const [group, version] = resource.apiVersion.split("/");
  const place = `${resource.kind} ${resource.metadata.name}`;
  const { [resource.kind]: Model } = await import(`${packages[group]}/${group}/${version}/${resource.kind}`);
  try {
    new Model(resource).validate();
  } catch (error) {
    problems.push(`${place}: ${error.message}`);
  }
}
console.log(JSON.stringify(problems));
