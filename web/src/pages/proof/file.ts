import { api, body } from "../../api/client.ts";

/** A proof as one HTML file. */
export function fileOf(name: string): Promise<Blob> {
  return body(
    api.GET("/v1/questions/{name}/proof", {
      params: { path: { name }, query: { form: "html" } },
      parseAs: "blob",
    }),
  );
}

/** Hand a file to the person in front of the browser. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
