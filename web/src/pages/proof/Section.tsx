import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./proof.module.css";

type SectionProps = { id: string; title: string; lead?: ReactNode; children: ReactNode };

/** A part of the proof: a question people have, what the answer is in a sentence, and the evidence. */
export function Section({ id, title, lead, children }: SectionProps) {
  return (
    <section id={id} className={classes.section} aria-labelledby={`${id}-title`}>
      <Title order={2} id={`${id}-title`} className={classes.question}>
        {title}
      </Title>
      {lead && <p className={classes.lead}>{lead}</p>}
      {children}
    </section>
  );
}
