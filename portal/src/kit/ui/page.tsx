import { type ReactNode, useEffect, useRef } from "react";
import { useTexts } from "../i18n.ts";
import { usePlace } from "../router.tsx";
import { Notice } from "./alert.tsx";

interface PageProps {
  title: string;
  children: ReactNode;
}

let firstPage = true;

/**
 * The frame of a page: document title, main heading, and the notice the previous page left.
 * The heading takes the focus when a page opens, so that screen readers start there; not on the
 * first one, where the browser announces the document itself.
 */
export function Page({ title, children }: PageProps) {
  const t = useTexts();
  const { notice } = usePlace();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t("page.title", { page: title });
  }, [t, title]);
  useEffect(() => {
    if (firstPage) firstPage = false;
    else if (!document.activeElement?.matches("input")) heading.current?.focus();
  }, []);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {notice ? <Notice look="good">{t(notice)}</Notice> : null}
      {children}
    </>
  );
}

interface SectionProps {
  id: string;
  title: string;
  children: ReactNode;
}

/** A titled part of a page, a landmark of its own. */
export function Section({ id, title, children }: SectionProps) {
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
