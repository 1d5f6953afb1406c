import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent colour. Shade 6 carries white text in light, shade 5 in dark (contrast over 4.5). */
const iris: MantineColorsTuple = [
  "#eef0fd",
  "#dcdff8",
  "#b7bcf0",
  "#9098e8",
  "#6f79e1",
  "#5a65dc",
  "#4f5bd5",
  "#404bbc",
  "#3742a8",
  "#2b3893",
];

/** Mantine's dark shades, tinted as our own surfaces are. */
const dark: MantineColorsTuple = [
  "#e9e9ee",
  "#c9cad2",
  "#9c9eab",
  "#71737f",
  "#33353c",
  "#26272d",
  "#18191d",
  "#101113",
  "#0c0d0f",
  "#08090a",
];

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 6, dark: 6 },
  colors: { iris, dark },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.4" },
      h2: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "sm",
  radius: { sm: "6px", md: "8px", lg: "12px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    SegmentedControl: { defaultProps: { withItemsBorders: false } },
    Input: { defaultProps: { size: "sm" } },
    InputWrapper: { defaultProps: { withAsterisk: false } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false } },
    Modal: {
      defaultProps: { overlayProps: { backgroundOpacity: 0.35 }, transitionProps: { duration: 120 } },
    },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 90 } } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 90 } } },
  },
});

/** Surfaces, lines and signal colours of our own; every text on its surface has a contrast of at least 4.5. */
export const variables: CSSVariablesResolver = () => ({
  variables: { "--side": "224px", "--bar": "52px" },
  light: {
    "--surface": "#ffffff",
    "--surface-side": "#f7f7f9",
    "--surface-hover": "#f4f4f7",
    "--surface-chosen": "#eef0fd",
    "--line": "#e7e7ec",
    "--ink": "#1b1c22",
    "--ink-soft": "#5d5f6b",
    "--accent": "#4551c9",
    "--good": "#1a7048",
    "--warn": "#8a5300",
    "--bad": "#b3261e",
    "--risk": "#c2500b",
    "--risk-soft": "#f4c9a9",
    "--good-soft": "#e3f3ea",
    "--warn-soft": "#fbf0dc",
    "--bad-soft": "#fbe9e7",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1b1c22",
    "--mantine-color-dimmed": "#5d5f6b",
    "--mantine-color-placeholder": "#6f7180",
    "--mantine-color-error": "#b3261e",
  },
  dark: {
    "--surface": "#101113",
    "--surface-side": "#16171a",
    "--surface-hover": "#1b1c20",
    "--surface-chosen": "#22243a",
    "--line": "#292a30",
    "--ink": "#e9e9ee",
    "--ink-soft": "#9c9eab",
    "--accent": "#a3aaf2",
    "--good": "#6fcf9c",
    "--warn": "#e9b661",
    "--bad": "#f28b82",
    "--risk": "#f0925a",
    "--risk-soft": "#5c3a25",
    "--good-soft": "#173325",
    "--warn-soft": "#3a2d14",
    "--bad-soft": "#43211f",
    "--mantine-color-body": "#101113",
    "--mantine-color-text": "#e9e9ee",
    "--mantine-color-dimmed": "#9c9eab",
    "--mantine-color-placeholder": "#8b8d9a",
    "--mantine-color-error": "#f28b82",
  },
});
