import { useCallback, useEffect, useRef, useState } from "react";
import { isSignedOut } from "../../api/problem.ts";
import type { UploadedFile } from "../../api/shapes.ts";
import { type Sending, send } from "../../api/upload.ts";
import { signedOut } from "../../app/services.ts";

export type Upload = {
  sending: { name: string; sent: number; of: number } | null;
  failed: { file: File; error: unknown } | null;
  send: (file: File) => void;
  cancel: () => void;
  forget: () => void;
};

/** Sending a file, one at a time. */
export function useUpload(arrived: (file: UploadedFile) => void): Upload {
  const [sending, setSending] = useState<Upload["sending"]>(null);
  const [failed, setFailed] = useState<Upload["failed"]>(null);
  const current = useRef<Sending | null>(null);
  const hear = useRef(arrived);
  hear.current = arrived;
  useEffect(() => () => current.current?.cancel(), []);

  const start = useCallback((file: File) => {
    current.current?.cancel();
    if (file.size === 0) return setFailed({ file, error: null });
    setFailed(null);
    setSending({ name: file.name, sent: 0, of: file.size });
    const mine = send(file, (sent, of) => setSending({ name: file.name, sent, of }));
    current.current = mine;
    const over = (then: () => void) => {
      if (current.current !== mine) return;
      current.current = null;
      setSending(null);
      then();
    };
    mine.answer.then(
      (told) => over(() => hear.current(told)),
      (error: unknown) =>
        over(() => {
          if (isSignedOut(error)) signedOut.set(true);
          else if (!(error instanceof DOMException)) setFailed({ file, error });
        }),
    );
  }, []);

  return {
    sending,
    failed,
    send: start,
    cancel: () => current.current?.cancel(),
    forget: () => setFailed(null),
  };
}
