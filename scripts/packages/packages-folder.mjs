import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Where the packages of a checkout are installed as apps install them: outside of the checkout, whose own node_modules
 * would else be found too, and kept from run to run.
 *
 * @param {string} root of the checkout, with or without a slash at its end
 */
export function packagesFolder(root) {
  const digest = createHash("sha256")
    .update(root.replace(/[/\\]+$/, ""))
    .digest("hex");
  return join(tmpdir(), `scouter-packages-${digest.slice(0, 12)}`);
}
