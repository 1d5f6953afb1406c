import { Input, SegmentedControl, Title, useMantineColorScheme } from "@mantine/core";
import { LANGUAGES } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./settings.module.css";

const SCHEMES = ["auto", "light", "dark"] as const;

export function Look() {
  const { t, chosen, choose } = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className={classes.part}>
      <Title order={2}>{t("settings.look")}</Title>
      <div className={classes.fields}>
        <Input.Wrapper label={t("scheme.label")} labelElement="div">
          <SegmentedControl
            fullWidth
            aria-label={t("scheme.label")}
            value={colorScheme}
            onChange={setColorScheme}
            data={SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))}
          />
        </Input.Wrapper>
        <Input.Wrapper label={t("language.label")} labelElement="div">
          <SegmentedControl
            fullWidth
            aria-label={t("language.label")}
            value={chosen ?? "auto"}
            onChange={(value) => choose(LANGUAGES.find((one) => one === value) ?? null)}
            data={(["auto", ...LANGUAGES] as const).map((value) => ({
              value,
              label: t(`language.${value}`),
            }))}
          />
        </Input.Wrapper>
      </div>
    </section>
  );
}
