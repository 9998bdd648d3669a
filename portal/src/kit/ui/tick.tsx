import type { ReactNode } from "react";
import { Checkbox } from "react-aria-components/Checkbox";
import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";

interface TickProps {
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  children?: ReactNode;
  label?: string;
}

/** A tick box. */
export function Tick(props: TickProps) {
  return (
    <Checkbox
      className="tick"
      isSelected={props.isSelected}
      onChange={props.onChange}
      {...(props.label ? { "aria-label": props.label } : {})}
    >
      <span className="tick-box" aria-hidden="true" />
      {props.children ? <span className="tick-text">{props.children}</span> : null}
    </Checkbox>
  );
}

interface RadiosProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; text: string; hint: string }[];
  onChange: (value: T) => void;
}

/** One choice out of a few, each with a sentence on what it means. */
export function Radios<T extends string>(props: RadiosProps<T>) {
  return (
    <RadioGroup
      className="radios"
      value={props.value}
      onChange={(value) => props.onChange(value as T)}
    >
      <Label className="label">{props.label}</Label>
      {props.options.map((option) => (
        <Radio key={option.value} value={option.value} className="radio">
          <span className="radio-dot" aria-hidden="true" />
          <span>
            <span className="radio-text">{option.text}</span>
            <span className="hint">{option.hint}</span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
