// A process that takes the lock of the folder in argv[2], says so on standard output, and waits to be killed.
import { isScouterError } from "@scouter/contracts";
import { openHome } from "../../src/home/home-folder.ts";

try {
  openHome(process.argv[2] ?? "", { pid: process.pid, hostName: "child", startedAt: "then" });
  process.stdout.write("held\n");
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(isScouterError(error) ? `${error.code}\n` : `${String(error)}\n`);
}
