import { Hono } from "hono";
import { z } from "zod";
import {
  createCustomer,
  deleteCustomer,
  findCustomer,
  openPortal,
  updateCustomer,
} from "../actions/customers.ts";
import { type ApiEnv, requestOf } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import {
  boolean,
  expand,
  integer,
  listParams,
  metadata,
  readParams,
  retrieveParams,
  webUrl,
} from "../api/params.ts";
import { portalConfiguration } from "../objects/portal_configuration.ts";
import type { StandIn } from "../stand_in.ts";

const fields = {
  email: z.email().max(512).optional(),
  name: z.string().max(256).optional(),
  metadata: metadata.optional(),
  balance: integer.optional(),
  invoice_settings: z.strictObject({ default_payment_method: z.string().optional() }).optional(),
};

const createParams = z.strictObject({ ...fields, expand });

const listCustomers = z.strictObject({ ...listParams, email: z.string().optional() });

const listConfigurations = z.strictObject({
  ...listParams,
  active: boolean.optional(),
  is_default: boolean.optional(),
});

const portalParams = z.strictObject({ customer: z.string(), return_url: webUrl.optional(), expand });

/** `/v1/customers`: create, retrieve, update, list, delete. */
export function customerRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/", async (c) => {
      const { expand, email = null, name = null, metadata = {}, balance = 0 } = await readParams(
        c,
        createParams,
      );
      const customer = createCustomer(standIn, { email, name, metadata, balance }, requestOf(c));
      return c.json(expanded(standIn, customer, expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, listCustomers);
      const found = [...standIn.state.customers.values()].filter((customer) =>
        (query.email ?? customer.email) === customer.email && matchesCreated(customer.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/customers"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, findCustomer(standIn, c.req.param("id")), expand));
    })
    .post("/:id", async (c) => {
      const { expand, invoice_settings, ...changes } = await readParams(c, createParams);
      const customer = findCustomer(standIn, c.req.param("id"));
      const card = invoice_settings?.default_payment_method;
      if (card !== undefined) find(standIn, "cards", card, "invoice_settings[default_payment_method]");
      const settings = invoice_settings && { ...customer.invoice_settings, ...invoice_settings };
      const wanted = { ...changes, ...(settings ? { invoice_settings: settings } : {}) };
      return c.json(expanded(standIn, updateCustomer(standIn, customer, wanted, requestOf(c)), expand));
    })
    .delete("/:id", (c) => {
      const customer = findCustomer(standIn, c.req.param("id"));
      deleteCustomer(standIn, customer, requestOf(c));
      return c.json({ id: customer.id, object: "customer", deleted: true });
    });
}

/** `/v1/billing_portal`: sessions, of which each has a page, and the one configuration that there is. */
export function portalApiRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/sessions", async (c) => {
      const input = await readParams(c, portalParams);
      const customer = findCustomer(standIn, input.customer, "customer");
      const session = openPortal(standIn, customer, input.return_url ?? null);
      return c.json(expanded(standIn, session, input.expand));
    })
    .get("/configurations", async (c) => {
      const { expand: wanted = [], ...query } = await readParams(c, listConfigurations);
      const withProducts = wanted.includes("data.features.subscription_update.products");
      const all = [portalConfiguration(standIn, withProducts)]
        .filter(({ active, is_default }) => (query.active ?? active) && (query.is_default ?? is_default));
      return c.json(listPage(all, query, "/v1/billing_portal/configurations"));
    });
}
