import { Problem, problemOf, UNREACHABLE } from "./problem.ts";
import type { UploadedFile } from "./shapes.ts";
import { workspace } from "./workspace.ts";

export type Sending = { answer: Promise<UploadedFile>; cancel: () => void };

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * Send a file, telling how much has left. By XMLHttpRequest, since fetch tells nothing while it sends over HTTP/1.1.
 * The answer is null-safe: it rejects with a Problem, or with an AbortError when it was cancelled.
 */
export function send(file: File, heard: (sent: number, of: number) => void): Sending {
  const request = new XMLHttpRequest();
  const answer = new Promise<UploadedFile>((resolve, reject) => {
    request.upload.onprogress = (event) =>
      heard(event.loaded, event.lengthComputable ? event.total : file.size);
    request.onload = () => {
      const told = parsed(request.responseText);
      if (request.status === 201) resolve(told as UploadedFile);
      else reject(problemOf(request.status, told));
    };
    request.onerror = () => reject(new Problem(0, UNREACHABLE, "The connection was cut."));
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    request.open("POST", `/v1/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    const name = workspace();
    if (name !== null) request.setRequestHeader("Sightline-Workspace", name);
    request.send(file);
  });
  return { answer, cancel: () => request.abort() };
}
