/**
 * What the function answers to whom, for TypeScript. Made by `deno task gen:types` from the routes themselves.
 *
 * @module
 */
export interface paths {
    "/stripe-webhook/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description This description */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            openapi: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "rate_limited";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Something went wrong on our side */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "internal";
                            message: string;
                            field?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stripe-webhook/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All is well */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                            version: string;
                            /** @enum {string} */
                            database: "ok";
                        };
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "rate_limited";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Something went wrong on our side */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "internal";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description This function is not configured; Temporarily unavailable, please try again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "not_configured" | "temporarily_unavailable";
                            message: string;
                            field?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stripe-webhook/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Take in what is missing and delete customers of erased users, not only report it
                         * @default false
                         */
                        apply?: boolean;
                        /**
                         * @description Also events that Stripe says were delivered
                         * @default false
                         */
                        all?: boolean;
                        /** @default 30 */
                        days?: number;
                    };
                };
            };
            responses: {
                /** @description What Stripe has and was missing here, and where purchases disagree */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * Format: date-time
                             * @description From when on events and sessions were looked at
                             */
                            since: string;
                            applied: boolean;
                            events: {
                                checked: number;
                                missing: {
                                    id: string;
                                    type: string;
                                    /** @description Unix seconds */
                                    created: number;
                                    /** @description `missing` when only looked for, else `applied`, `ignored`, `held`, `duplicate` or `failed` */
                                    outcome: string;
                                    /** @description Why it was held, or a word on why it failed */
                                    reason: string | null;
                                }[];
                            };
                            purchases: {
                                compared: number;
                                differences: {
                                    /** @enum {string} */
                                    problem: "not_granted" | "not_paid" | "unknown_session" | "unknown_purchase" | "other_session" | "amount_differs" | "reversal_differs";
                                    purchase_id: string | null;
                                    session_id: string | null;
                                    /** @description In cents, or in a word */
                                    here: string;
                                    stripe: string;
                                }[];
                            };
                            plans: {
                                compared: number;
                                differences: {
                                    /** @enum {string} */
                                    problem: "subscription_differs" | "invoice_missing";
                                    id: string;
                                    here: string;
                                    stripe: string;
                                    /** @description `missing` when only looked for, else `applied`, `held` or `ignored` */
                                    outcome: string;
                                }[];
                            };
                            /** @description Customers of erased users: those deleted at Stripe, and those not yet */
                            customers: {
                                deleted: string[];
                                pending: string[];
                            };
                        };
                    };
                };
                /** @description The request is not valid; The body is not valid JSON */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_request" | "invalid_json";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Invalid or missing API key */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_api_key";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description This content type is not supported here */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unsupported_media_type";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "rate_limited";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Something went wrong on our side */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "internal";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description The payment provider did not answer; nothing was charged */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "payment_provider_unavailable";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description This function is not configured; Temporarily unavailable, please try again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "not_configured" | "temporarily_unavailable";
                            message: string;
                            field?: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stripe-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description The event is kept; what it changed is in `outcome` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            received: true;
                            /** @enum {string} */
                            outcome: "applied" | "duplicate" | "ignored" | "held";
                        };
                    };
                };
                /** @description The Stripe signature does not match the body */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_signature";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description The body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "payload_too_large";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Too many requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "rate_limited";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Something went wrong on our side */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "internal";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description The payment provider did not answer; nothing was charged */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "payment_provider_unavailable";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Temporarily unavailable, please try again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "temporarily_unavailable";
                            message: string;
                            field?: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
