import { useMemo } from "react";
import { useLanguage, useTexts } from "../kit/i18n.ts";
import { Choice, Field } from "../kit/ui/field.tsx";
import { countries, likelyCountry } from "./countries.ts";
import type { Identifier } from "./login.ts";

interface IdentifierFieldsProps {
  value: Identifier;
  onChange: (value: Identifier) => void;
}

const empty: Record<Identifier["kind"], () => Identifier> = {
  user: () => ({ kind: "user", name: "" }),
  email: () => ({ kind: "email", address: "" }),
  phone: () => ({ kind: "phone", country: likelyCountry(), number: "" }),
};

export const noIdentifier: Identifier = { kind: "user", name: "" };

export function isFilled(identifier: Identifier): boolean {
  switch (identifier.kind) {
    case "user":
      return identifier.name.trim() !== "";
    case "email":
      return identifier.address.trim() !== "";
    case "phone":
      return identifier.number.trim() !== "";
  }
}

/** What to sign in with: user name, e-mail address or phone number. */
export function IdentifierFields({ value, onChange }: IdentifierFieldsProps) {
  const t = useTexts();
  return (
    <>
      <Choice
        label={t("identifier.kind")}
        value={value.kind}
        options={[
          { value: "user", text: t("identifier.user") },
          { value: "email", text: t("identifier.email") },
          { value: "phone", text: t("identifier.phone") },
        ]}
        onChange={(kind) => onChange(empty[kind]())}
      />
      <IdentifierInput value={value} onChange={onChange} />
    </>
  );
}

function IdentifierInput({ value, onChange }: IdentifierFieldsProps) {
  const t = useTexts();
  if (value.kind === "user") {
    return (
      <Field
        label={t("identifier.user")}
        name="username"
        autoComplete="username"
        value={value.name}
        onChange={(name) => onChange({ kind: "user", name })}
        isRequired
      />
    );
  }
  if (value.kind === "email") {
    return (
      <Field
        label={t("identifier.email")}
        type="email"
        name="email"
        autoComplete="username"
        value={value.address}
        onChange={(address) => onChange({ kind: "email", address })}
        isRequired
      />
    );
  }
  return (
    <>
      <CountryChoice
        country={value.country}
        onChange={(country) => onChange({ ...value, country })}
      />
      <Field
        label={t("identifier.phone")}
        type="tel"
        name="phone"
        autoComplete="tel"
        value={value.number}
        onChange={(number) => onChange({ ...value, number })}
        isRequired
      />
    </>
  );
}

interface CountryChoiceProps {
  country: string;
  onChange: (country: string) => void;
}

function CountryChoice({ country, onChange }: CountryChoiceProps) {
  const t = useTexts();
  const language = useLanguage();
  const options = useMemo(() => countries(language), [language]);
  return (
    <Choice
      label={t("identifier.country")}
      value={country}
      options={options}
      onChange={onChange}
      autoComplete="country"
    />
  );
}
