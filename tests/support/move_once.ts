/** Moves one user and ends, or is ended: `move_once.ts USER SHARD`, with {@link Databases} as JSON in `DATABASES`. */
import { moveUser } from "../../sharding/move.ts";

const [user, shard] = Deno.args;
console.log("begun");
await moveUser(JSON.parse(Deno.env.get("DATABASES")!), user, Number(shard));
