import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { TextsProvider } from "../texts/Texts.tsx";
import { styleNonce } from "./nonce.ts";
import { router } from "./router.tsx";
import { scheme } from "./scheme.ts";
import { queries } from "./services.ts";
import { theme, variables } from "./theme.ts";

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={scheme}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <TextsProvider>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
          <Notifications position="bottom-center" autoClose={8_000} containerWidth={400} />
        </QueryClientProvider>
      </TextsProvider>
    </MantineProvider>
  );
}
