/**
 * What the function answers to whom, for TypeScript. Made by `deno task gen:types` from the routes themselves.
 *
 * @module
 */
export interface paths {
    "/credits-api/openapi.json": {
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
    "/credits-api/health": {
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
    "/credits-api/balance": {
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
                /** @description What can be spent, what is held for jobs under way, and what is owed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description Credits, two decimal places
                             * @example 12.5
                             */
                            balance: number;
                            /**
                             * @description Credits, two decimal places
                             * @example 12.5
                             */
                            reserved: number;
                            /**
                             * @description Credits that a refund or dispute took back after they were spent; the next ones pay it first
                             * @example 12.5
                             */
                            debt: number;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description 50 when absent; the nearest of 1 to 100 counts */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                id: string | number;
                                job_id: string | null;
                                job_type: string;
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                credits_used: number;
                                /**
                                 * @description How much of what was charged has been given back since
                                 * @example 12.5
                                 */
                                refunded_amount: number;
                                /** @enum {string} */
                                status: "reserved" | "confirmed" | "refunded";
                                description: string | null;
                                /** Format: date-time */
                                created_at: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
                /** @description The request is not valid */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_request";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/pricing": {
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
                /** @description What is offered, and what it costs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                action: string;
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                credits: number;
                                unit: string;
                            }[];
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/packs": {
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
                /** @description What can be bought, in this order */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                credits: number;
                                /** @description In the currency's smallest unit */
                                amount_cents: number;
                                /** @example usd */
                                currency: string;
                            }[];
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/pack-prices": {
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
                /** @description What packs cost in currencies other than their own */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                pack_id: string;
                                /** @description In the currency's smallest unit */
                                amount_cents: number;
                                /** @example usd */
                                currency: string;
                            }[];
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/plans": {
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
                /** @description What can be subscribed to, a plan once for each of its prices */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                plan_id: string;
                                name: string;
                                description: string;
                                /**
                                 * @description What comes each time
                                 * @example 12.5
                                 */
                                credits: number;
                                /**
                                 * @description Whether credits come once a period, or each month also of a year
                                 * @enum {string}
                                 */
                                drip: "period" | "month";
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                trial_credits: number;
                                /** @enum {string} */
                                interval: "month" | "year";
                                price_id: string;
                                /** @description In the currency's smallest unit */
                                amount_cents: number;
                                /** @example usd */
                                currency: string;
                                trial_days: number;
                            }[];
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/purchases": {
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
                /** @description The newest hundred purchases */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                pack_id: string | null;
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                credits: number;
                                /** @description In the currency's smallest unit */
                                amount_cents: number;
                                /** @example usd */
                                currency: string;
                                status: string;
                                /** Format: date-time */
                                created_at: string;
                                /** @description What went back to the payer, the credits that took, and when; else null */
                                reversed: {
                                    /** @enum {string} */
                                    reason: "refund" | "dispute";
                                    /** @description In the currency's smallest unit */
                                    amount_cents: number;
                                    /**
                                     * @description Credits, two decimal places
                                     * @example 12.5
                                     */
                                    credits: number;
                                    /** Format: date-time */
                                    at: string;
                                } | null;
                            }[];
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/checkout": {
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
                        /** Format: uuid */
                        pack_id: string;
                        /**
                         * @description One of the pack's; its own when left out
                         * @example usd
                         */
                        currency?: string;
                        /** @description Where the payment page sends the browser back to, with `checkout=success` or `checkout=cancelled` appended to its query */
                        return_to: string;
                    };
                };
            };
            responses: {
                /** @description The payment page to open */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uri */
                            url: string;
                            /** Format: uuid */
                            purchase_id: string;
                        };
                    };
                };
                /** @description The request is not valid; The body is not valid JSON; return_to must be on an allowed origin */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_request" | "invalid_json" | "return_to_not_allowed";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description There is no such credit pack */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unknown_pack";
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
                /** @description The pack has another price at the payment provider; nothing can be paid; The payment provider did not answer; nothing was charged */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "pack_misconfigured" | "payment_provider_unavailable";
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
    "/credits-api/checkout/{id}/refresh": {
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
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The purchase, with what Stripe says of its payment now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            pack_id: string | null;
                            /**
                             * @description Credits, two decimal places
                             * @example 12.5
                             */
                            credits: number;
                            /** @description In the currency's smallest unit */
                            amount_cents: number;
                            /** @example usd */
                            currency: string;
                            status: string;
                            /** Format: date-time */
                            created_at: string;
                            /** @description What went back to the payer, the credits that took, and when; else null */
                            reversed: {
                                /** @enum {string} */
                                reason: "refund" | "dispute";
                                /** @description In the currency's smallest unit */
                                amount_cents: number;
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                credits: number;
                                /** Format: date-time */
                                at: string;
                            } | null;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Not found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "not_found";
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
    "/credits-api/portal": {
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
                        /** @description Where the portal leads back to */
                        return_to: string;
                    };
                };
            };
            responses: {
                /** @description The page to open; it is the user's own, and soon out of date */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uri */
                            url: string;
                        };
                    };
                };
                /** @description The request is not valid; The body is not valid JSON; return_to must be on an allowed origin */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_request" | "invalid_json" | "return_to_not_allowed";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query: {
                    action: string;
                    usage?: string;
                    /** @description Instead of usage, how many of what the product sells by the unit: of a story, its pages */
                    units?: number;
                    model?: string;
                    size?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What this costs today. What is priced by its use is held for by this much and settled by what it used */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            action: string;
                            /**
                             * @description Credits, two decimal places
                             * @example 12.5
                             */
                            cost: number;
                            /** @description The version of the rate card that says so; null where the price is fixed */
                            card_version: number | null;
                            /**
                             * @description What becomes of usage beyond what is held: nobody pays (`cap`), what is `available` pays, or that and then a `debt`; null where the price is fixed
                             * @enum {string|null}
                             */
                            over_hold: "cap" | "available" | "debt" | null;
                        };
                    };
                };
                /** @description The request is not valid */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_request";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description Not found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "not_found";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description The rate card has no price for this */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "no_rate";
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
    "/credits-api/usage/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    by?: "day" | "action" | "model";
                    /** @description 30 when absent */
                    days?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was paid in the last days, today among them */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @description The day (UTC), the action or the model; of a model, what names none is empty */
                                key: string;
                                jobs: number;
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                credits: number;
                            }[];
                        };
                    };
                };
                /** @description The request is not valid */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_request";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/usage.csv": {
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
                /** @description What was charged, newest first: a row for each line of usage, else for each job */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/subscribe": {
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
                        /** Format: uuid */
                        plan_id: string;
                        /** @description One of the plan's; its first when left out */
                        price_id?: string;
                        /** @description Where the payment page sends the browser back to, with `checkout=success` or `checkout=cancelled` appended to its query */
                        return_to: string;
                    };
                };
            };
            responses: {
                /** @description The payment page to open */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uri */
                            url: string;
                        };
                    };
                };
                /** @description The request is not valid; The body is not valid JSON; return_to must be on an allowed origin */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "invalid_request" | "invalid_json" | "return_to_not_allowed";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description There is no such plan, or not at this price */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unknown_plan";
                            message: string;
                            field?: string;
                        };
                    };
                };
                /** @description There is a subscription already; the billing portal changes it */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "already_subscribed";
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
                /** @description The plan has another price at the payment provider; nothing can be paid; The payment provider did not answer; nothing was charged */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "plan_misconfigured" | "payment_provider_unavailable";
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
    "/credits-api/subscription": {
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
                /** @description null when there is none */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            subscription: {
                                /** Format: uuid */
                                plan_id: string;
                                plan: string;
                                /** @description As Stripe has it: `trialing`, `active`, `past_due`, … */
                                status: string;
                                price_id: string;
                                /** @enum {string} */
                                interval: "month" | "year";
                                /** Format: date-time */
                                period_start: string;
                                /** Format: date-time */
                                period_end: string;
                                /** Format: date-time */
                                cancel_at: string;
                                /** Format: date-time */
                                trial_end: string;
                                /**
                                 * Format: date-time
                                 * @description null when none are to come
                                 */
                                next_credits_at: string;
                                /**
                                 * @description Credits, two decimal places
                                 * @example 12.5
                                 */
                                next_credits: number;
                                /** @description What came and has not expired, what ends first first */
                                batches: {
                                    /** @enum {string} */
                                    kind: "credits" | "trial" | "rollover" | "late";
                                    /**
                                     * @description Credits, two decimal places
                                     * @example 12.5
                                     */
                                    amount: number;
                                    /**
                                     * @description Credits, two decimal places
                                     * @example 12.5
                                     */
                                    remaining: number;
                                    /** Format: date-time */
                                    expires_at: string;
                                    /** Format: date-time */
                                    created_at: string;
                                }[];
                            } | null;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
    "/credits-api/subscription/refresh": {
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
            requestBody?: never;
            responses: {
                /** @description `GET /subscription` says what Stripe says now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many of Stripe's objects were not known as they are */
                            news: number;
                        };
                    };
                };
                /** @description A valid access token is required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "unauthorized";
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
