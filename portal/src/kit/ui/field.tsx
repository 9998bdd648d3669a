import { type HTMLInputAutoCompleteAttribute, type ReactNode, useId, useState } from "react";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { FieldError, TextField } from "react-aria-components/TextField";
import { useTexts } from "../i18n.ts";
import { Button } from "./button.tsx";

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "tel" | "url";
  name?: string;
  autoComplete?: HTMLInputAutoCompleteAttribute;
  hint?: ReactNode;
  error?: string | null | undefined;
  isRequired?: boolean;
  autoFocus?: boolean;
  onBlur?: () => void;
}

/** A text field whose label, hint and error are tied to it for assistive technology. */
export function Field(props: FieldProps) {
  return (
    <TextFieldFrame {...props}>
      <Input className="input" spellCheck={false} autoCapitalize="none" />
    </TextFieldFrame>
  );
}

/** A field for an account password or another secret, which can be shown while typing. */
export function SecretField(props: Omit<FieldProps, "type">) {
  const t = useTexts();
  const [shown, setShown] = useState(false);
  return (
    <TextFieldFrame {...props} type={shown ? "text" : "password"}>
      <div className="input-row">
        <Input className="input" spellCheck={false} autoCapitalize="none" />
        <Button look="quiet" onPress={() => setShown(!shown)}>
          {t(shown ? "field.hide" : "field.show")}
        </Button>
      </div>
    </TextFieldFrame>
  );
}

interface FrameProps extends Omit<FieldProps, "type"> {
  type?: NonNullable<FieldProps["type"]> | "password";
  children: ReactNode;
}

function TextFieldFrame(props: FrameProps) {
  return (
    <TextField
      className="field"
      type={props.type ?? "text"}
      value={props.value}
      onChange={props.onChange}
      isInvalid={Boolean(props.error)}
      isRequired={props.isRequired ?? false}
      autoFocus={props.autoFocus ?? false}
      validationBehavior="aria"
      {...(props.name ? { name: props.name } : {})}
      {...(props.autoComplete ? { autoComplete: props.autoComplete } : {})}
      {...(props.onBlur ? { onBlur: props.onBlur } : {})}
    >
      <Label className="label">{props.label}</Label>
      {props.children}
      {props.hint ? (
        <Text slot="description" className="hint">
          {props.hint}
        </Text>
      ) : null}
      <FieldError className="field-error">{props.error}</FieldError>
    </TextField>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; text: string }[];
  onChange: (value: T) => void;
  /** Shows the label to assistive technology only, where the place makes it plain to the eye. */
  labelHidden?: boolean;
  autoComplete?: string;
}

/**
 * A native select: telephones show their own picker for it, and it costs no code.
 */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className={props.labelHidden ? "visually-hidden" : "label"}>
        {props.label}
      </label>
      <select
        id={id}
        className="input select"
        value={props.value}
        autoComplete={props.autoComplete}
        onChange={(event) => props.onChange(event.target.value as T)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
