import { Anchor } from "@mantine/core";
import { createLink } from "@tanstack/react-router";

/** A link between pages that looks like one: `<PageLink to="/traces">traces</PageLink>`. */
export const PageLink = createLink(Anchor<"a">);
