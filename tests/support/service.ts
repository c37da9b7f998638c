import { client, stack } from "./people.ts";

/** A server's client, which may call every RPC of the stack that is there when this is loaded. */
export const service = client(stack("SECRET_KEY"));
