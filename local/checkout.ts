/** The folder of the project, which holds `supabase/` and is what the Supabase CLI calls its workdir. */
export const CHECKOUT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
