import type { FormEvent, ReactNode } from "react";

interface FormProps {
  onSubmit: () => void;
  children: ReactNode;
  label?: string;
}

/** A form that is checked and sent by the app; what keeps it from being sent gets the focus. */
export function Form({ onSubmit, children, label }: FormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Dialogs are children in React's tree: without this their submit would reach the page's form.
    event.stopPropagation();
    const form = event.currentTarget;
    onSubmit();
    requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  return (
    <form className="form" noValidate onSubmit={submit} aria-label={label}>
      {children}
    </form>
  );
}
