import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";

interface ButtonProps {
  children: ReactNode;
  onPress?: () => void;
  type?: "button" | "submit";
  look?: "main" | "plain" | "danger" | "quiet";
  busy?: boolean;
  isDisabled?: boolean;
  /** Only where the visible text would be ambiguous, e.g. one of many "Rename" buttons. */
  label?: string;
}

export function Button(props: ButtonProps) {
  return (
    <AriaButton
      type={props.type ?? "button"}
      className={`button button-${props.look ?? "plain"}`}
      isDisabled={props.isDisabled ?? false}
      // Not React Aria's isPending: it announces the button by its id, which is gone when the work
      // leads to another page. Results are announced by the notices; useTask ignores a second press.
      {...(props.busy ? { "data-busy": true } : {})}
      {...(props.onPress ? { onPress: props.onPress } : {})}
      {...(props.label ? { "aria-label": props.label } : {})}
    >
      {props.children}
    </AriaButton>
  );
}
