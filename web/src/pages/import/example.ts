import address from "../../../../src/sightline/packs/supply/data/scms_delivery.csv.gz?url";

const NAME = "scms_delivery.csv.gz";

/** The deliveries that `sightline demo` imports, as a file. Fetched when somebody asks for it. */
export default async function example(): Promise<File> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return new File([await answer.arrayBuffer()], NAME);
}
