import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Field } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { looksLikeEmail } from "../uia/email-validation.ts";

interface AddressFormProps {
  email: string;
  onChange: (email: string) => void;
  onSubmit: () => Promise<void>;
}

/** Asks for the address the mail goes to. */
export function AddressForm({ email, onChange, onSubmit }: AddressFormProps) {
  const t = useTexts();
  const task = useTask();
  const submit = () => {
    if (!looksLikeEmail(email)) task.fail({ key: "problem.invalid_email" });
    else void task.run(onSubmit);
  };
  return (
    <Form onSubmit={submit}>
      <p>{t("forgot.intro")}</p>
      <Field
        label={t("identifier.email")}
        type="email"
        name="email"
        autoComplete="email"
        value={email}
        onChange={onChange}
        isRequired
      />
      <ProblemNotice problem={task.problem} />
      <Button type="submit" look="main" busy={task.busy} isDisabled={email.trim() === ""}>
        {t("forgot.submit")}
      </Button>
    </Form>
  );
}
