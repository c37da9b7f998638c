export type Hat =
  | "crown"
  | "wizard"
  | "witch"
  | "pirate"
  | "helmet"
  | "visor"
  | "chef"
  | "straw"
  | "cap"
  | "leaf"
  | "none";

/** Somebody on two legs. */
export interface Person {
  hair: string;
  style: "short" | "long" | "bun" | "bob" | "bald";
  dress: string;
  /** A gown down to the floor instead of trousers. */
  gown?: boolean;
  hat?: Hat;
  beard?: string;
  wings?: boolean;
  tail?: boolean;
  glasses?: boolean;
  skin?: string;
  size?: number;
}

export const people: Record<string, Person> = {
  girl: { hair: "#6b4226", style: "bob", dress: "#e2695c", size: 1.12 },
  boy: { hair: "#4a3226", style: "short", dress: "#4f8fc0", size: 1.12 },
  child: { hair: "#a8673a", style: "short", dress: "#e3a73f", size: 1.12 },
  princess: { hair: "#e3b55b", style: "long", dress: "#c874a8", gown: true, hat: "crown", size: 1.12 },
  prince: { hair: "#6b4226", style: "short", dress: "#5b66b0", hat: "crown", size: 1.12 },
  queen: { hair: "#5b3a2e", style: "bun", dress: "#8a4f9e", gown: true, hat: "crown", size: 1.18 },
  king: {
    hair: "#cfc6bd",
    style: "short",
    dress: "#b0413e",
    gown: true,
    hat: "crown",
    beard: "#e6dfd6",
    size: 1.22,
  },
  knight: { hair: "#6b4226", style: "short", dress: "#9aa6b8", hat: "visor", size: 1.1 },
  pirate: { hair: "#3c2d28", style: "short", dress: "#b5483f", hat: "pirate", size: 1.1 },
  wizard: {
    hair: "#e6e2dc",
    style: "short",
    dress: "#4b55a0",
    gown: true,
    hat: "wizard",
    beard: "#f1eee8",
    size: 1.15,
  },
  witch: { hair: "#b0622e", style: "long", dress: "#5d4a7d", gown: true, hat: "witch", size: 1.1 },
  fairy: { hair: "#f0cf82", style: "bun", dress: "#9fd3a6", gown: true, wings: true, size: 0.8 },
  elf: { hair: "#c98a3f", style: "bob", dress: "#5c9a5b", hat: "leaf", size: 0.85 },
  gnome: { hair: "#e6e2dc", style: "short", dress: "#5b87a8", hat: "leaf", beard: "#f4f0ea", size: 0.72 },
  giant: { hair: "#7b4f2e", style: "short", dress: "#7f8f57", beard: "#8c5b36", size: 1.7 },
  troll: { hair: "#4c6b4a", style: "short", dress: "#8a6b4e", skin: "#a8bf8f", size: 1.2 },
  astronaut: { hair: "#4a3226", style: "short", dress: "#f1f2f5", hat: "helmet", size: 1.12 },
  mermaid: { hair: "#cf5f4a", style: "long", dress: "#3fa39a", tail: true, size: 1.12 },
  grandmother: { hair: "#dcd8d6", style: "bun", dress: "#8f6aa8", gown: true, glasses: true, size: 1.1 },
  grandfather: {
    hair: "#e2dedb",
    style: "bald",
    dress: "#6f8a5f",
    beard: "#ebe7e3",
    glasses: true,
    size: 1.12,
  },
  baker: { hair: "#6b4226", style: "short", dress: "#fbf7f0", hat: "chef", size: 1.15 },
  gardener: { hair: "#a85f35", style: "long", dress: "#5d9a72", hat: "straw", size: 1.12 },
};
