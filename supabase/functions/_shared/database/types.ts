export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  // Allows to automatically instantiate createClient with right options
  // instead of createClient<Database, { PostgrestVersion: 'XX' }>(URL, KEY)
  __InternalSupabase: {
    PostgrestVersion: "13"
  }
  public: {
    Tables: {
      api_rate_limits: {
        Row: {
          action: string
          chunks: number
          hits: string[]
          identifier: string
        }
        Insert: {
          action: string
          chunks?: number
          hits: string[]
          identifier: string
        }
        Update: {
          action?: string
          chunks?: number
          hits?: string[]
          identifier?: string
        }
        Relationships: []
      }
      books: {
        Row: {
          content: Json | null
          created_at: string
          error_code: string | null
          id: string
          job_id: string
          page_count: number
          pdf_bytes: number | null
          pdf_path: string | null
          picture_count: number | null
          picture_price: number
          status: Database["public"]["Enums"]["job_status"]
          story_id: string | null
          title: string
          updated_at: string
          user_id: string
          with_images: boolean
        }
        Insert: {
          content?: Json | null
          created_at?: string
          error_code?: string | null
          id?: string
          job_id: string
          page_count: number
          pdf_bytes?: number | null
          pdf_path?: string | null
          picture_count?: number | null
          picture_price?: number
          status?: Database["public"]["Enums"]["job_status"]
          story_id?: string | null
          title: string
          updated_at?: string
          user_id: string
          with_images: boolean
        }
        Update: {
          content?: Json | null
          created_at?: string
          error_code?: string | null
          id?: string
          job_id?: string
          page_count?: number
          pdf_bytes?: number | null
          pdf_path?: string | null
          picture_count?: number | null
          picture_price?: number
          status?: Database["public"]["Enums"]["job_status"]
          story_id?: string | null
          title?: string
          updated_at?: string
          user_id?: string
          with_images?: boolean
        }
        Relationships: [
          {
            foreignKeyName: "books_story_id_fkey"
            columns: ["story_id"]
            referencedRelation: "stories"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "books_story_id_fkey"
            columns: ["story_id"]
            referencedRelation: "story_progress"
            referencedColumns: ["id"]
          },
        ]
      }
      credit_accounts: {
        Row: {
          available: number
          created_at: string
          debt: number
          erased_at: string | null
          last_entry: number
          reserved: number
          user_id: string
        }
        Insert: {
          available?: number
          created_at?: string
          debt?: number
          erased_at?: string | null
          last_entry?: number
          reserved?: number
          user_id: string
        }
        Update: {
          available?: number
          created_at?: string
          debt?: number
          erased_at?: string | null
          last_entry?: number
          reserved?: number
          user_id?: string
        }
        Relationships: []
      }
      credit_archive_sums: {
        Row: {
          amount: number
          batch_id: number | null
          id: number
          kind: Database["public"]["Enums"]["ledger_kind"]
          reference: string | null
          user_id: string
        }
        Insert: {
          amount: number
          batch_id?: number | null
          id?: never
          kind: Database["public"]["Enums"]["ledger_kind"]
          reference?: string | null
          user_id: string
        }
        Update: {
          amount?: number
          batch_id?: number | null
          id?: never
          kind?: Database["public"]["Enums"]["ledger_kind"]
          reference?: string | null
          user_id?: string
        }
        Relationships: []
      }
      credit_checkpoints: {
        Row: {
          archived_at: string
          available: number
          debt: number
          entry: number
          reserved: number
          user_id: string
        }
        Insert: {
          archived_at: string
          available: number
          debt: number
          entry: number
          reserved: number
          user_id: string
        }
        Update: {
          archived_at?: string
          available?: number
          debt?: number
          entry?: number
          reserved?: number
          user_id?: string
        }
        Relationships: []
      }
      credit_debts: {
        Row: {
          created_at: string
          id: number
          original_amount: number
          reference: string
          remaining_amount: number
          user_id: string
        }
        Insert: {
          created_at?: string
          id?: never
          original_amount: number
          reference: string
          remaining_amount: number
          user_id: string
        }
        Update: {
          created_at?: string
          id?: never
          original_amount?: number
          reference?: string
          remaining_amount?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "credit_debts_user_id_fkey"
            columns: ["user_id"]
            referencedRelation: "credit_accounts"
            referencedColumns: ["user_id"]
          },
        ]
      }
      credit_ledger: {
        Row: {
          amount: number
          available_after: number
          batch_id: number | null
          created_at: string
          debt_after: number
          entry: number
          job_id: string | null
          kind: Database["public"]["Enums"]["ledger_kind"]
          reference: string | null
          reserved_after: number
          user_id: string
        }
        Insert: {
          amount: number
          available_after: number
          batch_id?: number | null
          created_at?: string
          debt_after: number
          entry: number
          job_id?: string | null
          kind: Database["public"]["Enums"]["ledger_kind"]
          reference?: string | null
          reserved_after: number
          user_id: string
        }
        Update: {
          amount?: number
          available_after?: number
          batch_id?: number | null
          created_at?: string
          debt_after?: number
          entry?: number
          job_id?: string | null
          kind?: Database["public"]["Enums"]["ledger_kind"]
          reference?: string | null
          reserved_after?: number
          user_id?: string
        }
        Relationships: []
      }
      credit_ledger_archive: {
        Row: {
          amount: number
          available_after: number
          batch_id: number | null
          created_at: string
          debt_after: number
          entry: number
          job_id: string | null
          kind: Database["public"]["Enums"]["ledger_kind"]
          reference: string | null
          reserved_after: number
          user_id: string
        }
        Insert: {
          amount: number
          available_after: number
          batch_id?: number | null
          created_at: string
          debt_after: number
          entry: number
          job_id?: string | null
          kind: Database["public"]["Enums"]["ledger_kind"]
          reference?: string | null
          reserved_after: number
          user_id: string
        }
        Update: {
          amount?: number
          available_after?: number
          batch_id?: number | null
          created_at?: string
          debt_after?: number
          entry?: number
          job_id?: string | null
          kind?: Database["public"]["Enums"]["ledger_kind"]
          reference?: string | null
          reserved_after?: number
          user_id?: string
        }
        Relationships: []
      }
      credit_pack_prices: {
        Row: {
          amount_cents: number
          currency: string
          pack_id: string
          stripe_price_id: string | null
        }
        Insert: {
          amount_cents: number
          currency: string
          pack_id: string
          stripe_price_id?: string | null
        }
        Update: {
          amount_cents?: number
          currency?: string
          pack_id?: string
          stripe_price_id?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "credit_pack_prices_pack_id_fkey"
            columns: ["pack_id"]
            referencedRelation: "credit_packs"
            referencedColumns: ["id"]
          },
        ]
      }
      credit_packs: {
        Row: {
          active: boolean
          allow_promotion_codes: boolean
          amount_cents: number
          created_at: string
          credits: number
          currency: string
          id: string
          name: string
          position: number
          stripe_price_id: string | null
          updated_at: string
        }
        Insert: {
          active?: boolean
          allow_promotion_codes?: boolean
          amount_cents: number
          created_at?: string
          credits: number
          currency?: string
          id?: string
          name: string
          position?: number
          stripe_price_id?: string | null
          updated_at?: string
        }
        Update: {
          active?: boolean
          allow_promotion_codes?: boolean
          amount_cents?: number
          created_at?: string
          credits?: number
          currency?: string
          id?: string
          name?: string
          position?: number
          stripe_price_id?: string | null
          updated_at?: string
        }
        Relationships: []
      }
      credit_pricing: {
        Row: {
          action: string
          active: boolean
          created_at: string
          credits: number
          description: string
          unit: string
          updated_at: string
        }
        Insert: {
          action: string
          active?: boolean
          created_at?: string
          credits: number
          description: string
          unit: string
          updated_at?: string
        }
        Update: {
          action?: string
          active?: boolean
          created_at?: string
          credits?: number
          description?: string
          unit?: string
          updated_at?: string
        }
        Relationships: []
      }
      credit_purchases: {
        Row: {
          amount_cents: number
          created_at: string
          credits: number
          currency: string
          frozen_credits: number
          id: string
          livemode: boolean | null
          pack_id: string | null
          paid_at: string | null
          paid_cents: number
          reversal_count: number
          reversed_at: string | null
          reversed_cents: number
          revoked_credits: number
          session_expires_at: string | null
          status: Database["public"]["Enums"]["purchase_status"]
          stripe_payment_intent_id: string | null
          stripe_session_id: string | null
          updated_at: string
          user_id: string
        }
        Insert: {
          amount_cents: number
          created_at?: string
          credits: number
          currency: string
          frozen_credits?: number
          id?: string
          livemode?: boolean | null
          pack_id?: string | null
          paid_at?: string | null
          paid_cents?: number
          reversal_count?: number
          reversed_at?: string | null
          reversed_cents?: number
          revoked_credits?: number
          session_expires_at?: string | null
          status?: Database["public"]["Enums"]["purchase_status"]
          stripe_payment_intent_id?: string | null
          stripe_session_id?: string | null
          updated_at?: string
          user_id: string
        }
        Update: {
          amount_cents?: number
          created_at?: string
          credits?: number
          currency?: string
          frozen_credits?: number
          id?: string
          livemode?: boolean | null
          pack_id?: string | null
          paid_at?: string | null
          paid_cents?: number
          reversal_count?: number
          reversed_at?: string | null
          reversed_cents?: number
          revoked_credits?: number
          session_expires_at?: string | null
          status?: Database["public"]["Enums"]["purchase_status"]
          stripe_payment_intent_id?: string | null
          stripe_session_id?: string | null
          updated_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "credit_purchases_pack_id_fkey"
            columns: ["pack_id"]
            referencedRelation: "credit_packs"
            referencedColumns: ["id"]
          },
        ]
      }
      credit_refunds: {
        Row: {
          amount: number
          created_at: string
          id: string
          job_id: string
          reason: string
          refund_key: string
          user_id: string
        }
        Insert: {
          amount: number
          created_at?: string
          id?: string
          job_id: string
          reason: string
          refund_key: string
          user_id: string
        }
        Update: {
          amount?: number
          created_at?: string
          id?: string
          job_id?: string
          reason?: string
          refund_key?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "credit_refunds_user_id_fkey"
            columns: ["user_id"]
            referencedRelation: "credit_accounts"
            referencedColumns: ["user_id"]
          },
        ]
      }
      credit_revocations: {
        Row: {
          amount: number
          created_at: string
          debt_amount: number
          id: string
          reason: string
          revocation_key: string
          user_id: string
        }
        Insert: {
          amount: number
          created_at?: string
          debt_amount: number
          id?: string
          reason: string
          revocation_key: string
          user_id: string
        }
        Update: {
          amount?: number
          created_at?: string
          debt_amount?: number
          id?: string
          reason?: string
          revocation_key?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "credit_revocations_user_id_fkey"
            columns: ["user_id"]
            referencedRelation: "credit_accounts"
            referencedColumns: ["user_id"]
          },
        ]
      }
      credit_usage_logs: {
        Row: {
          added_amount: number
          created_at: string
          credits_used: number
          description: string | null
          expires_at: string
          first_entry: number
          id: string
          job_id: string
          job_type: string
          last_entry: number
          metadata: NonNullable<Json>
          refunded_amount: number
          reserved_amount: number
          settle_reason: string | null
          settled_at: string | null
          status: Database["public"]["Enums"]["reservation_status"]
          user_id: string
        }
        Insert: {
          added_amount?: number
          created_at?: string
          credits_used: number
          description?: string | null
          expires_at: string
          first_entry: number
          id?: never
          job_id: string
          job_type: string
          last_entry: number
          metadata: NonNullable<Json>
          refunded_amount?: number
          reserved_amount: number
          settle_reason?: string | null
          settled_at?: string | null
          status: Database["public"]["Enums"]["reservation_status"]
          user_id: string
        }
        Update: {
          added_amount?: number
          created_at?: string
          credits_used?: number
          description?: string | null
          expires_at?: string
          first_entry?: number
          id?: never
          job_id?: string
          job_type?: string
          last_entry?: number
          metadata?: NonNullable<Json>
          refunded_amount?: number
          reserved_amount?: number
          settle_reason?: string | null
          settled_at?: string | null
          status?: Database["public"]["Enums"]["reservation_status"]
          user_id?: string
        }
        Relationships: []
      }
      credit_usage_months: {
        Row: {
          charged: number
          job_type: string
          month: string
          refunded: number
          reservations: number
          user_id: string
        }
        Insert: {
          charged: number
          job_type: string
          month: string
          refunded: number
          reservations: number
          user_id: string
        }
        Update: {
          charged?: number
          job_type?: string
          month?: string
          refunded?: number
          reservations?: number
          user_id?: string
        }
        Relationships: []
      }
      generation_jobs: {
        Row: {
          attempt: number
          cost: number
          created_at: string
          error_code: string | null
          error_message: string | null
          id: string
          idempotency_key: string | null
          job_type: string
          lease_expires_at: string | null
          next_attempt_at: string
          request_digest: string | null
          resource_id: string
          stage: string | null
          status: Database["public"]["Enums"]["job_status"]
          units_done: number
          units_total: number
          updated_at: string
          user_id: string
          worker: string | null
        }
        Insert: {
          attempt?: number
          cost: number
          created_at?: string
          error_code?: string | null
          error_message?: string | null
          id: string
          idempotency_key?: string | null
          job_type: string
          lease_expires_at?: string | null
          next_attempt_at?: string
          request_digest?: string | null
          resource_id: string
          stage?: string | null
          status?: Database["public"]["Enums"]["job_status"]
          units_done?: number
          units_total: number
          updated_at?: string
          user_id: string
          worker?: string | null
        }
        Update: {
          attempt?: number
          cost?: number
          created_at?: string
          error_code?: string | null
          error_message?: string | null
          id?: string
          idempotency_key?: string | null
          job_type?: string
          lease_expires_at?: string | null
          next_attempt_at?: string
          request_digest?: string | null
          resource_id?: string
          stage?: string | null
          status?: Database["public"]["Enums"]["job_status"]
          units_done?: number
          units_total?: number
          updated_at?: string
          user_id?: string
          worker?: string | null
        }
        Relationships: []
      }
      job_attempts: {
        Row: {
          attempt: number
          begun_at: string
          cached_input_tokens: number | null
          charged: number
          ended_at: string | null
          input_tokens: number | null
          job_id: string
          job_type: string
          model: string | null
          model_calls: number
          outcome: string | null
          output_tokens: number | null
          pictures: number | null
          reasoning_tokens: number | null
          unpaid: number
          user_id: string
        }
        Insert: {
          attempt: number
          begun_at: string
          cached_input_tokens?: number | null
          charged?: number
          ended_at?: string | null
          input_tokens?: number | null
          job_id: string
          job_type: string
          model?: string | null
          model_calls?: number
          outcome?: string | null
          output_tokens?: number | null
          pictures?: number | null
          reasoning_tokens?: number | null
          unpaid?: number
          user_id: string
        }
        Update: {
          attempt?: number
          begun_at?: string
          cached_input_tokens?: number | null
          charged?: number
          ended_at?: string | null
          input_tokens?: number | null
          job_id?: string
          job_type?: string
          model?: string | null
          model_calls?: number
          outcome?: string | null
          output_tokens?: number | null
          pictures?: number | null
          reasoning_tokens?: number | null
          unpaid?: number
          user_id?: string
        }
        Relationships: []
      }
      metered_jobs: {
        Row: {
          absorbed: number | null
          action: string
          ceiling: NonNullable<Json>
          charged: number | null
          cost: number | null
          created_at: string
          job_id: string
          owed: number | null
          settled_at: string | null
          user_id: string
          version: number
        }
        Insert: {
          absorbed?: number | null
          action: string
          ceiling: NonNullable<Json>
          charged?: number | null
          cost?: number | null
          created_at: string
          job_id: string
          owed?: number | null
          settled_at?: string | null
          user_id: string
          version: number
        }
        Update: {
          absorbed?: number | null
          action?: string
          ceiling?: NonNullable<Json>
          charged?: number | null
          cost?: number | null
          created_at?: string
          job_id?: string
          owed?: number | null
          settled_at?: string | null
          user_id?: string
          version?: number
        }
        Relationships: []
      }
      operator_actions: {
        Row: {
          action: string
          actor: string
          created_at: string
          details: NonNullable<Json>
          id: string
          reason: string
          subject: string | null
          user_id: string | null
        }
        Insert: {
          action: string
          actor: string
          created_at: string
          details?: NonNullable<Json>
          id?: string
          reason: string
          subject?: string | null
          user_id?: string | null
        }
        Update: {
          action?: string
          actor?: string
          created_at?: string
          details?: NonNullable<Json>
          id?: string
          reason?: string
          subject?: string | null
          user_id?: string | null
        }
        Relationships: []
      }
      plan_grants: {
        Row: {
          amount: number
          batch_id: number
          due_at: string
          invoice_id: string
          kind: string
          subscription_id: string
          user_id: string
        }
        Insert: {
          amount: number
          batch_id: number
          due_at: string
          invoice_id: string
          kind: string
          subscription_id: string
          user_id: string
        }
        Update: {
          amount?: number
          batch_id?: number
          due_at?: string
          invoice_id?: string
          kind?: string
          subscription_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "plan_grants_invoice_id_fkey"
            columns: ["invoice_id"]
            referencedRelation: "subscription_invoices"
            referencedColumns: ["id"]
          },
        ]
      }
      plan_prices: {
        Row: {
          active: boolean
          amount_cents: number
          currency: string
          interval: string
          stripe_price_id: string
          trial_days: number
          version_id: string
        }
        Insert: {
          active?: boolean
          amount_cents: number
          currency?: string
          interval: string
          stripe_price_id: string
          trial_days?: number
          version_id: string
        }
        Update: {
          active?: boolean
          amount_cents?: number
          currency?: string
          interval?: string
          stripe_price_id?: string
          trial_days?: number
          version_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "plan_prices_version_id_fkey"
            columns: ["version_id"]
            referencedRelation: "plan_versions"
            referencedColumns: ["id"]
          },
        ]
      }
      plan_versions: {
        Row: {
          created_at: string
          credits: number
          drip: string
          id: string
          plan_id: string
          rollover_cap: number
          rollover_lifetime: string | null
          trial_credits: number
          upgrade: string
          version: number
        }
        Insert: {
          created_at?: string
          credits: number
          drip?: string
          id?: string
          plan_id: string
          rollover_cap?: number
          rollover_lifetime?: string | null
          trial_credits?: number
          upgrade?: string
          version: number
        }
        Update: {
          created_at?: string
          credits?: number
          drip?: string
          id?: string
          plan_id?: string
          rollover_cap?: number
          rollover_lifetime?: string | null
          trial_credits?: number
          upgrade?: string
          version?: number
        }
        Relationships: [
          {
            foreignKeyName: "plan_versions_plan_id_fkey"
            columns: ["plan_id"]
            referencedRelation: "plan_offers"
            referencedColumns: ["plan_id"]
          },
          {
            foreignKeyName: "plan_versions_plan_id_fkey"
            columns: ["plan_id"]
            referencedRelation: "plans"
            referencedColumns: ["id"]
          },
        ]
      }
      plans: {
        Row: {
          active: boolean
          created_at: string
          description: string
          id: string
          name: string
          position: number
          updated_at: string
        }
        Insert: {
          active?: boolean
          created_at?: string
          description?: string
          id?: string
          name: string
          position?: number
          updated_at?: string
        }
        Update: {
          active?: boolean
          created_at?: string
          description?: string
          id?: string
          name?: string
          position?: number
          updated_at?: string
        }
        Relationships: []
      }
      rate_cards: {
        Row: {
          action: string
          created_at: string
          digest: string
          over_hold: string
          valid_from: string
          version: number
        }
        Insert: {
          action: string
          created_at?: string
          digest: string
          over_hold: string
          valid_from: string
          version: number
        }
        Update: {
          action?: string
          created_at?: string
          digest?: string
          over_hold?: string
          valid_from?: string
          version?: number
        }
        Relationships: []
      }
      rate_limit_policies: {
        Row: {
          action: string
          max_requests: number
          updated_at: string
          window_minutes: number
        }
        Insert: {
          action: string
          max_requests: number
          updated_at?: string
          window_minutes: number
        }
        Update: {
          action?: string
          max_requests?: number
          updated_at?: string
          window_minutes?: number
        }
        Relationships: []
      }
      rates: {
        Row: {
          action: string
          keys: number
          match: NonNullable<Json>
          meter: string
          minimum: number
          per: number
          position: number
          price: number
          priority: number
          unit: string
          version: number
        }
        Insert: {
          action: string
          keys: number
          match: NonNullable<Json>
          meter: string
          minimum: number
          per: number
          position: number
          price: number
          priority: number
          unit: string
          version: number
        }
        Update: {
          action?: string
          keys?: number
          match?: NonNullable<Json>
          meter?: string
          minimum?: number
          per?: number
          position?: number
          price?: number
          priority?: number
          unit?: string
          version?: number
        }
        Relationships: [
          {
            foreignKeyName: "rates_action_version_fkey"
            columns: ["action", "version"]
            referencedRelation: "rate_cards"
            referencedColumns: ["action", "version"]
          },
        ]
      }
      stories: {
        Row: {
          age_max: number
          age_min: number
          book_refusal: string | null
          created_at: string
          error_code: string | null
          id: string
          job_id: string
          language: string
          page_count: number
          pages: Json | null
          prompt: string
          status: Database["public"]["Enums"]["job_status"]
          title: string | null
          updated_at: string
          user_id: string
        }
        Insert: {
          age_max: number
          age_min: number
          book_refusal?: string | null
          created_at?: string
          error_code?: string | null
          id?: string
          job_id: string
          language: string
          page_count: number
          pages?: Json | null
          prompt: string
          status?: Database["public"]["Enums"]["job_status"]
          title?: string | null
          updated_at?: string
          user_id: string
        }
        Update: {
          age_max?: number
          age_min?: number
          book_refusal?: string | null
          created_at?: string
          error_code?: string | null
          id?: string
          job_id?: string
          language?: string
          page_count?: number
          pages?: Json | null
          prompt?: string
          status?: Database["public"]["Enums"]["job_status"]
          title?: string | null
          updated_at?: string
          user_id?: string
        }
        Relationships: []
      }
      stripe_customers: {
        Row: {
          created_at: string
          customer_id: string
          erase_at: string | null
          erased_at: string | null
          livemode: boolean
          user_id: string
        }
        Insert: {
          created_at?: string
          customer_id: string
          erase_at?: string | null
          erased_at?: string | null
          livemode: boolean
          user_id: string
        }
        Update: {
          created_at?: string
          customer_id?: string
          erase_at?: string | null
          erased_at?: string | null
          livemode?: boolean
          user_id?: string
        }
        Relationships: []
      }
      stripe_disputes: {
        Row: {
          amount_cents: number
          currency: string
          id: string
          payment_intent_id: string
          reinstated_at: string | null
          status: string
          status_at: string
          withdrawn_at: string | null
        }
        Insert: {
          amount_cents: number
          currency: string
          id: string
          payment_intent_id: string
          reinstated_at?: string | null
          status: string
          status_at: string
          withdrawn_at?: string | null
        }
        Update: {
          amount_cents?: number
          currency?: string
          id?: string
          payment_intent_id?: string
          reinstated_at?: string | null
          status?: string
          status_at?: string
          withdrawn_at?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "stripe_disputes_payment_intent_id_fkey"
            columns: ["payment_intent_id"]
            referencedRelation: "stripe_payments"
            referencedColumns: ["payment_intent_id"]
          },
        ]
      }
      stripe_events: {
        Row: {
          created_at: string
          id: string
          outcome: string
          payload: NonNullable<Json>
          payment_intent_id: string | null
          processed_at: string
          purchase_id: string | null
          reason: string | null
          received_at: string
          type: string
          user_id: string | null
        }
        Insert: {
          created_at: string
          id: string
          outcome: string
          payload: NonNullable<Json>
          payment_intent_id?: string | null
          processed_at?: string
          purchase_id?: string | null
          reason?: string | null
          received_at?: string
          type: string
          user_id?: string | null
        }
        Update: {
          created_at?: string
          id?: string
          outcome?: string
          payload?: NonNullable<Json>
          payment_intent_id?: string | null
          processed_at?: string
          purchase_id?: string | null
          reason?: string | null
          received_at?: string
          type?: string
          user_id?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "stripe_events_purchase_id_fkey"
            columns: ["purchase_id"]
            referencedRelation: "credit_purchases"
            referencedColumns: ["id"]
          },
        ]
      }
      stripe_payments: {
        Row: {
          charge_refunded_cents: number
          payment_intent_id: string
          purchase_id: string | null
          reversals: string | null
        }
        Insert: {
          charge_refunded_cents?: number
          payment_intent_id: string
          purchase_id?: string | null
          reversals?: string | null
        }
        Update: {
          charge_refunded_cents?: number
          payment_intent_id?: string
          purchase_id?: string | null
          reversals?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "stripe_payments_purchase_id_fkey"
            columns: ["purchase_id"]
            referencedRelation: "credit_purchases"
            referencedColumns: ["id"]
          },
        ]
      }
      stripe_refunds: {
        Row: {
          amount_cents: number
          id: string
          payment_intent_id: string
          status: string
        }
        Insert: {
          amount_cents: number
          id: string
          payment_intent_id: string
          status: string
        }
        Update: {
          amount_cents?: number
          id?: string
          payment_intent_id?: string
          status?: string
        }
        Relationships: [
          {
            foreignKeyName: "stripe_refunds_payment_intent_id_fkey"
            columns: ["payment_intent_id"]
            referencedRelation: "stripe_payments"
            referencedColumns: ["payment_intent_id"]
          },
        ]
      }
      subscription_checkouts: {
        Row: {
          created_at: string
          id: string
          stripe_price_id: string
          stripe_session_id: string | null
          user_id: string
        }
        Insert: {
          created_at?: string
          id?: string
          stripe_price_id: string
          stripe_session_id?: string | null
          user_id: string
        }
        Update: {
          created_at?: string
          id?: string
          stripe_price_id?: string
          stripe_session_id?: string | null
          user_id?: string
        }
        Relationships: []
      }
      subscription_invoices: {
        Row: {
          billing_reason: string
          created_at: string
          currency: string
          decision: string | null
          deducted: number
          grant_size: number
          granted: number
          grants: number
          id: string
          next_grant_at: string | null
          period_end: string
          period_start: string
          quantity: number
          reversal_count: number
          reversed_cents: number
          reversed_credits: number
          status: string
          stripe_price_id: string
          subscription_id: string
          taken_credits: number
          total_cents: number
          user_id: string
          version_id: string
        }
        Insert: {
          billing_reason: string
          created_at: string
          currency: string
          decision?: string | null
          deducted?: number
          grant_size?: number
          granted?: number
          grants?: number
          id: string
          next_grant_at?: string | null
          period_end: string
          period_start: string
          quantity: number
          reversal_count?: number
          reversed_cents?: number
          reversed_credits?: number
          status: string
          stripe_price_id: string
          subscription_id: string
          taken_credits?: number
          total_cents: number
          user_id: string
          version_id: string
        }
        Update: {
          billing_reason?: string
          created_at?: string
          currency?: string
          decision?: string | null
          deducted?: number
          grant_size?: number
          granted?: number
          grants?: number
          id?: string
          next_grant_at?: string | null
          period_end?: string
          period_start?: string
          quantity?: number
          reversal_count?: number
          reversed_cents?: number
          reversed_credits?: number
          status?: string
          stripe_price_id?: string
          subscription_id?: string
          taken_credits?: number
          total_cents?: number
          user_id?: string
          version_id?: string
        }
        Relationships: []
      }
      subscription_payments: {
        Row: {
          amount_cents: number | null
          invoice_id: string
          payment_intent_id: string
        }
        Insert: {
          amount_cents?: number | null
          invoice_id: string
          payment_intent_id: string
        }
        Update: {
          amount_cents?: number | null
          invoice_id?: string
          payment_intent_id?: string
        }
        Relationships: []
      }
      subscription_versions: {
        Row: {
          stripe_price_id: string
          subscription_id: string
          version_id: string
        }
        Insert: {
          stripe_price_id: string
          subscription_id: string
          version_id: string
        }
        Update: {
          stripe_price_id?: string
          subscription_id?: string
          version_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "subscription_versions_stripe_price_id_fkey"
            columns: ["stripe_price_id"]
            referencedRelation: "plan_offers"
            referencedColumns: ["price_id"]
          },
          {
            foreignKeyName: "subscription_versions_stripe_price_id_fkey"
            columns: ["stripe_price_id"]
            referencedRelation: "plan_prices"
            referencedColumns: ["stripe_price_id"]
          },
        ]
      }
      subscriptions: {
        Row: {
          anchor: string
          cancel_at: string | null
          created_at: string
          customer_id: string
          id: string
          is_live: boolean
          is_spare: boolean
          period_end: string
          period_start: string
          quantity: number
          said_at: string
          status: string
          stripe_price_id: string
          trial_end: string | null
          unpaid_since: string | null
          user_id: string
        }
        Insert: {
          anchor: string
          cancel_at?: string | null
          created_at: string
          customer_id: string
          id: string
          is_live?: never
          is_spare?: boolean
          period_end: string
          period_start: string
          quantity: number
          said_at: string
          status: string
          stripe_price_id: string
          trial_end?: string | null
          unpaid_since?: string | null
          user_id: string
        }
        Update: {
          anchor?: string
          cancel_at?: string | null
          created_at?: string
          customer_id?: string
          id?: string
          is_live?: never
          is_spare?: boolean
          period_end?: string
          period_start?: string
          quantity?: number
          said_at?: string
          status?: string
          stripe_price_id?: string
          trial_end?: string | null
          unpaid_since?: string | null
          user_id?: string
        }
        Relationships: []
      }
      usage_lines: {
        Row: {
          cost: number
          estimated: boolean
          job_id: string
          line: number
          matched: NonNullable<Json>
          meter: string
          per: number | null
          quantity: number
          unit: string | null
          unit_price: number | null
          user_id: string
        }
        Insert: {
          cost: number
          estimated: boolean
          job_id: string
          line: number
          matched: NonNullable<Json>
          meter: string
          per?: number | null
          quantity: number
          unit?: string | null
          unit_price?: number | null
          user_id: string
        }
        Update: {
          cost?: number
          estimated?: boolean
          job_id?: string
          line?: number
          matched?: NonNullable<Json>
          meter?: string
          per?: number | null
          quantity?: number
          unit?: string | null
          unit_price?: number | null
          user_id?: string
        }
        Relationships: []
      }
      usage_months: {
        Row: {
          action: string
          cost: number
          lines: number
          meter: string
          model: string
          month: string
          quantity: number
          user_id: string
        }
        Insert: {
          action: string
          cost: number
          lines: number
          meter: string
          model: string
          month: string
          quantity: number
          user_id: string
        }
        Update: {
          action?: string
          cost?: number
          lines?: number
          meter?: string
          model?: string
          month?: string
          quantity?: number
          user_id?: string
        }
        Relationships: []
      }
      user_credits: {
        Row: {
          created_at: string
          description: string | null
          expires_at: string | null
          grant_key: string
          id: number
          is_open: boolean
          original_amount: number
          remaining_amount: number
          source: Database["public"]["Enums"]["credit_source"]
          stripe_session_id: string | null
          user_id: string
        }
        Insert: {
          created_at?: string
          description?: string | null
          expires_at?: string | null
          grant_key: string
          id?: never
          is_open?: never
          original_amount: number
          remaining_amount?: number
          source: Database["public"]["Enums"]["credit_source"]
          stripe_session_id?: string | null
          user_id: string
        }
        Update: {
          created_at?: string
          description?: string | null
          expires_at?: string | null
          grant_key?: string
          id?: never
          is_open?: never
          original_amount?: number
          remaining_amount?: number
          source?: Database["public"]["Enums"]["credit_source"]
          stripe_session_id?: string | null
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "user_credits_user_id_fkey"
            columns: ["user_id"]
            referencedRelation: "credit_accounts"
            referencedColumns: ["user_id"]
          },
        ]
      }
      users_to_erase: {
        Row: {
          deleted_at: string
          user_id: string
        }
        Insert: {
          deleted_at: string
          user_id: string
        }
        Update: {
          deleted_at?: string
          user_id?: string
        }
        Relationships: []
      }
    }
    Views: {
      book_progress: {
        Row: {
          created_at: string | null
          error_code: string | null
          id: string | null
          job: Json | null
          page_count: number | null
          picture_count: number | null
          status: Database["public"]["Enums"]["job_status"] | null
          story_id: string | null
          title: string | null
          updated_at: string | null
          user_id: string | null
          with_images: boolean | null
        }
        Relationships: [
          {
            foreignKeyName: "books_story_id_fkey"
            columns: ["story_id"]
            referencedRelation: "stories"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "books_story_id_fkey"
            columns: ["story_id"]
            referencedRelation: "story_progress"
            referencedColumns: ["id"]
          },
        ]
      }
      held_stripe_events: {
        Row: {
          created_at: string | null
          id: string | null
          payment_intent_id: string | null
          processed_at: string | null
          purchase_id: string | null
          reason: string | null
          received_at: string | null
          type: string | null
          user_id: string | null
        }
        Insert: {
          created_at?: string | null
          id?: string | null
          payment_intent_id?: string | null
          processed_at?: string | null
          purchase_id?: string | null
          reason?: string | null
          received_at?: string | null
          type?: string | null
          user_id?: string | null
        }
        Update: {
          created_at?: string | null
          id?: string | null
          payment_intent_id?: string | null
          processed_at?: string | null
          purchase_id?: string | null
          reason?: string | null
          received_at?: string | null
          type?: string | null
          user_id?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "stripe_events_purchase_id_fkey"
            columns: ["purchase_id"]
            referencedRelation: "credit_purchases"
            referencedColumns: ["id"]
          },
        ]
      }
      plan_offers: {
        Row: {
          amount_cents: number | null
          credits: number | null
          currency: string | null
          description: string | null
          drip: string | null
          interval: string | null
          name: string | null
          plan_id: string | null
          position: number | null
          price_id: string | null
          trial_credits: number | null
          trial_days: number | null
        }
        Relationships: []
      }
      story_progress: {
        Row: {
          age_max: number | null
          age_min: number | null
          book_refusal: string | null
          bookable: boolean | null
          created_at: string | null
          error_code: string | null
          id: string | null
          job: Json | null
          language: string | null
          page_count: number | null
          pages: Json | null
          prompt: string | null
          status: Database["public"]["Enums"]["job_status"] | null
          title: string | null
          updated_at: string | null
          user_id: string | null
        }
        Relationships: []
      }
      usage_margins: {
        Row: {
          absorbed: number | null
          action: string | null
          charged: number | null
          cost: number | null
          day: string | null
          jobs: number | null
          owed: number | null
          version: number | null
        }
        Relationships: []
      }
      work_costs: {
        Row: {
          attempts: number | null
          cached_input_tokens: number | null
          credits_charged: number | null
          credits_unpaid: number | null
          day: string | null
          delivered: number | null
          input_tokens: number | null
          job_type: string | null
          model_calls: number | null
          output_tokens: number | null
          pictures: number | null
          reasoning_tokens: number | null
          user_id: string | null
        }
        Relationships: []
      }
    }
    Functions: {
      add_to_reservation: {
        Args: {
          p_amount: number
          p_job_id: string
          p_seq: number
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["reservation_result"]
        SetofOptions: {
          from: "*"
          to: "reservation_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      adjust_credits: {
        Args: {
          p_actor?: string
          p_adjustment_key: string
          p_amount: number
          p_reason: string
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["grant_result"]
        SetofOptions: {
          from: "*"
          to: "grant_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      apply_stripe_event: {
        Args: {
          p_accounts?: string[]
          p_event: Json
          p_livemode?: boolean
          p_projects?: string[]
        }
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"]
        SetofOptions: {
          from: "*"
          to: "stripe_event_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      archive_ledger: {
        Args: { p_before?: string; p_limit?: number }
        Returns: number
      }
      attach_checkout_session: {
        Args: {
          p_expires_at: string
          p_livemode: boolean
          p_purchase_id: string
          p_session_id: string
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["attach_result"]
        SetofOptions: {
          from: "*"
          to: "attach_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      attach_subscription_session: {
        Args: { p_checkout_id: string; p_session_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["subscribe_step"]
        SetofOptions: {
          from: "*"
          to: "subscribe_step"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      cancel_job: {
        Args: { p_job_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
        SetofOptions: {
          from: "*"
          to: "job_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      change_setting: {
        Args: {
          p_actor?: string
          p_column: string
          p_reason: string
          p_row: string
          p_table: string
          p_value: string
        }
        Returns: Database["public"]["CompositeTypes"]["setting_result"]
        SetofOptions: {
          from: "*"
          to: "setting_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      check_rate_limit: {
        Args: {
          p_action: string
          p_identifier: string
          p_max_requests: number
          p_window_minutes?: number
        }
        Returns: Json
      }
      claim_job: {
        Args: { p_job_id?: string; p_job_type?: string; p_worker?: string }
        Returns: Database["public"]["CompositeTypes"]["job_claim_result"]
        SetofOptions: {
          from: "*"
          to: "job_claim_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      cleanup_rate_limits: { Args: Record<PropertyKey, never>; Returns: number }
      clear_fraud_warning: {
        Args: { p_actor?: string; p_purchase_id: string; p_reason?: string }
        Returns: Database["public"]["CompositeTypes"]["attach_result"]
        SetofOptions: {
          from: "*"
          to: "attach_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      complete_book: {
        Args: {
          p_attempt: number
          p_byte_size: number
          p_job_id: string
          p_page_count: number
          p_pdf_path: string
          p_picture_count?: number
        }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
        SetofOptions: {
          from: "*"
          to: "job_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      complete_customer_erasure: {
        Args: { p_customer_id: string }
        Returns: Database["public"]["CompositeTypes"]["customer_result"]
        SetofOptions: {
          from: "*"
          to: "customer_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      complete_story: {
        Args: {
          p_attempt: number
          p_job_id: string
          p_pages: Json
          p_title: string
        }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
        SetofOptions: {
          from: "*"
          to: "job_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      confirm_credits: {
        Args: { p_amount?: number; p_job_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["settlement_result"]
        SetofOptions: {
          from: "*"
          to: "settlement_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      create_book: {
        Args: { p_idempotency_key?: string; p_request: Json; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["admission_result"]
        SetofOptions: {
          from: "*"
          to: "admission_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      create_checkout: {
        Args: { p_currency?: string; p_pack_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["checkout_result"]
        SetofOptions: {
          from: "*"
          to: "checkout_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      create_story: {
        Args: { p_idempotency_key?: string; p_request: Json; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["admission_result"]
        SetofOptions: {
          from: "*"
          to: "admission_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      create_subscription_checkout: {
        Args: { p_plan_id: string; p_price_id?: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["subscribe_result"]
        SetofOptions: {
          from: "*"
          to: "subscribe_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      delete_book: {
        Args: { p_book_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["deletion_result"]
        SetofOptions: {
          from: "*"
          to: "deletion_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      delete_story: {
        Args: { p_story_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["deletion_result"]
        SetofOptions: {
          from: "*"
          to: "deletion_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      dismiss_stripe_event: {
        Args: { p_actor?: string; p_event_id: string; p_reason?: string }
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"]
        SetofOptions: {
          from: "*"
          to: "stripe_event_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      end_checkout: {
        Args: { p_complete: boolean; p_purchase_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["attach_result"]
        SetofOptions: {
          from: "*"
          to: "attach_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      end_subscription_checkout: {
        Args: { p_checkout_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["subscribe_step"]
        SetofOptions: {
          from: "*"
          to: "subscribe_step"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      erase_user: {
        Args: { p_actor?: string; p_reason?: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["erasure_result"]
        SetofOptions: {
          from: "*"
          to: "erasure_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      estimate_cost: {
        Args: { p_action: string; p_usage: Json }
        Returns: Database["public"]["CompositeTypes"]["cost_estimate"]
        SetofOptions: {
          from: "*"
          to: "cost_estimate"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      expire_credits: { Args: Record<PropertyKey, never>; Returns: number }
      extend_reservation: {
        Args: { p_job_id: string; p_ttl?: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["extension_result"]
        SetofOptions: {
          from: "*"
          to: "extension_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      fail_job: {
        Args: {
          p_attempt: number
          p_error_code: string
          p_job_id: string
          p_message?: string
          p_retryable?: boolean
        }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
        SetofOptions: {
          from: "*"
          to: "job_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      grant_credits: {
        Args: {
          p_amount: number
          p_description?: string
          p_expires_at?: string
          p_grant_key: string
          p_source: string
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["grant_result"]
        SetofOptions: {
          from: "*"
          to: "grant_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      grant_plan_credits: { Args: Record<PropertyKey, never>; Returns: number }
      health_report: {
        Args: Record<PropertyKey, never>
        Returns: {
          advice: string
          count: number
          name: string
          oldest: string
          page: string
          status: string
        }[]
      }
      heartbeat_job: {
        Args: {
          p_attempt: number
          p_job_id: string
          p_stage?: string
          p_units_done?: number
        }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
        SetofOptions: {
          from: "*"
          to: "job_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      keep_stripe_customer: {
        Args: {
          p_customer_id: string
          p_gone?: string
          p_livemode: boolean
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["customer_result"]
        SetofOptions: {
          from: "*"
          to: "customer_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      note_job_usage: {
        Args: {
          p_attempt: number
          p_cached_input_tokens?: number
          p_input_tokens?: number
          p_job_id: string
          p_model?: string
          p_model_calls?: number
          p_output_tokens?: number
          p_pictures?: number
          p_reasoning_tokens?: number
        }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
        SetofOptions: {
          from: "*"
          to: "job_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      open_portal: {
        Args: { p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["portal_result"]
        SetofOptions: {
          from: "*"
          to: "portal_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      plan_differences: {
        Args: Record<PropertyKey, never>
        Returns: {
          invoice_id: string
          problem: string
          since: string
          subscription_id: string
          user_id: string
        }[]
      }
      prune_job_attempts: {
        Args: { p_before?: string; p_limit?: number }
        Returns: number
      }
      prune_stripe_events: {
        Args: { p_before?: string; p_limit?: number }
        Returns: number
      }
      prune_usage: {
        Args: { p_before?: string; p_limit?: number }
        Returns: number
      }
      read_balance: {
        Args: { p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["balance_result"]
        SetofOptions: {
          from: "*"
          to: "balance_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      read_estimate: {
        Args: {
          p_action: string
          p_units?: number
          p_usage?: Json
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["estimate_result"]
        SetofOptions: {
          from: "*"
          to: "estimate_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      read_subscription: {
        Args: { p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["subscription_result"]
        SetofOptions: {
          from: "*"
          to: "subscription_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      read_usage: {
        Args: { p_cursor?: string; p_limit?: number; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["usage_result"]
        SetofOptions: {
          from: "*"
          to: "usage_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      read_usage_lines: {
        Args: { p_cursor?: string; p_limit?: number; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["usage_lines_result"]
        SetofOptions: {
          from: "*"
          to: "usage_lines_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      refresh_checkout: {
        Args: { p_purchase_id: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["refresh_result"]
        SetofOptions: {
          from: "*"
          to: "refresh_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      refund_job: {
        Args: {
          p_actor?: string
          p_amount?: number
          p_job_id: string
          p_reason: string
          p_refund_key: string
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["settlement_result"]
        SetofOptions: {
          from: "*"
          to: "settlement_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      release_credits: {
        Args: { p_job_id: string; p_reason?: string; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["settlement_result"]
        SetofOptions: {
          from: "*"
          to: "settlement_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      release_stale_reservations: {
        Args: { p_ttl_minutes?: number }
        Returns: number
      }
      replay_stripe_event: {
        Args: { p_actor?: string; p_event_id: string; p_reason?: string }
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"]
        SetofOptions: {
          from: "*"
          to: "stripe_event_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      requeue_stale_jobs: { Args: Record<PropertyKey, never>; Returns: number }
      reserve_credits: {
        Args: {
          p_amount: number
          p_description?: string
          p_job_id: string
          p_job_type: string
          p_metadata?: Json
          p_ttl?: string
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["reservation_result"]
        SetofOptions: {
          from: "*"
          to: "reservation_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      reserve_metered: {
        Args: {
          p_action: string
          p_description?: string
          p_job_id: string
          p_job_type?: string
          p_metadata?: Json
          p_ttl?: string
          p_usage: Json
          p_user_id: string
        }
        Returns: Database["public"]["CompositeTypes"]["reservation_result"]
        SetofOptions: {
          from: "*"
          to: "reservation_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      save_rate_card: {
        Args: {
          p_action: string
          p_actor?: string
          p_over_hold?: string
          p_rates: Json
          p_reason?: string
          p_valid_from?: string
        }
        Returns: Database["public"]["CompositeTypes"]["rate_card_result"]
        SetofOptions: {
          from: "*"
          to: "rate_card_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      settle_usage: {
        Args: { p_job_id: string; p_usage: Json; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["usage_settlement"]
        SetofOptions: {
          from: "*"
          to: "usage_settlement"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      table_sizes: {
        Args: Record<PropertyKey, never>
        Returns: Database["public"]["CompositeTypes"]["table_size"][]
        SetofOptions: {
          from: "*"
          to: "table_size"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      usage_summary: {
        Args: { p_by?: string; p_days?: number; p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["usage_summary_result"]
        SetofOptions: {
          from: "*"
          to: "usage_summary_result"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      verify_credits: {
        Args: { p_user_id?: string }
        Returns: {
          actual: number
          expected: number
          problem: string
          user_id: string
        }[]
      }
    }
    Enums: {
      credit_source:
        | "purchase"
        | "signup_bonus"
        | "promotion"
        | "adjustment"
        | "migration"
        | "plan"
      job_status: "queued" | "generating" | "ready" | "failed" | "cancelled"
      ledger_kind:
        | "grant"
        | "reserve"
        | "confirm"
        | "release"
        | "refund"
        | "expire"
        | "revoke"
        | "debt"
        | "repay"
        | "forgive"
      purchase_status:
        | "open"
        | "processing"
        | "paid"
        | "failed"
        | "expired"
        | "partially_refunded"
        | "refunded"
        | "disputed"
      reservation_status: "reserved" | "confirmed" | "refunded"
    }
    CompositeTypes: {
      admission_result: {
        outcome: string | null
        code: string | null
        field: string | null
        message: string | null
        resource_id: string | null
        job_id: string | null
        status: Database["public"]["Enums"]["job_status"] | null
        cost: number | null
        required: number | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      attach_result: {
        outcome: string | null
        purchase_id: string | null
      }
      balance_result: {
        outcome: string | null
        balance: number | null
        reserved: number | null
        debt: number | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      checkout_result: {
        outcome: string | null
        purchase_id: string | null
        credits: number | null
        amount_cents: number | null
        currency: string | null
        stripe_price_id: string | null
        pack_name: string | null
        allow_promotion_codes: boolean | null
        stripe_session_id: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      cost_estimate: {
        outcome: string | null
        action: string | null
        version: number | null
        cost: number | null
        message: string | null
      }
      customer_result: {
        outcome: string | null
        customer_id: string | null
      }
      deletion_result: {
        outcome: string | null
        files: string[] | null
      }
      erasure_result: {
        outcome: string | null
        files: string[] | null
        at_stripe: string[] | null
        pending: string[] | null
      }
      estimate_result: {
        outcome: string | null
        cost: number | null
        version: number | null
        over_hold: string | null
        message: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      extension_result: {
        outcome: string | null
        job_id: string | null
        expires_at: string | null
      }
      grant_result: {
        outcome: string | null
        batch_id: number | null
        amount: number | null
        debt_paid: number | null
        available: number | null
        reserved: number | null
        debt: number | null
      }
      job_claim_result: {
        outcome: string | null
        job_id: string | null
        job_type: string | null
        attempt: number | null
        user_id: string | null
        resource_id: string | null
        request: Json | null
        lease_expires_at: string | null
      }
      job_result: {
        outcome: string | null
        job_id: string | null
        status: Database["public"]["Enums"]["job_status"] | null
        user_id: string | null
        resource_id: string | null
        charged: number | null
      }
      portal_result: {
        outcome: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      rate_card_result: {
        outcome: string | null
        action: string | null
        version: number | null
        valid_from: string | null
        message: string | null
      }
      refresh_result: {
        outcome: string | null
        purchase_id: string | null
        status: Database["public"]["Enums"]["purchase_status"] | null
        stripe_session_id: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      reservation_result: {
        outcome: string | null
        job_id: string | null
        status: Database["public"]["Enums"]["reservation_status"] | null
        amount: number | null
        required: number | null
        available: number | null
        reserved: number | null
        expires_at: string | null
      }
      setting_result: {
        outcome: string | null
        setting: string | null
        old_value: string | null
        new_value: string | null
      }
      settlement_result: {
        outcome: string | null
        job_id: string | null
        charged: number | null
        returned: number | null
        available: number | null
        reserved: number | null
      }
      stripe_event_result: {
        outcome: string | null
        event_id: string | null
        reason: string | null
        purchase_id: string | null
        user_id: string | null
      }
      subscribe_result: {
        outcome: string | null
        checkout_id: string | null
        stripe_price_id: string | null
        trial_days: number | null
        stripe_session_id: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      subscribe_step: {
        outcome: string | null
        checkout_id: string | null
      }
      subscription_result: {
        outcome: string | null
        subscription: Json | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      table_size: {
        table_name: string | null
        estimated_rows: number | null
        bytes: number | null
      }
      usage_lines_result: {
        outcome: string | null
        items: Json | null
        next_cursor: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      usage_result: {
        outcome: string | null
        items: Json | null
        next_cursor: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      usage_settlement: {
        outcome: string | null
        job_id: string | null
        cost: number | null
        charged: number | null
        returned: number | null
        owed: number | null
        absorbed: number | null
        available: number | null
        reserved: number | null
      }
      usage_summary_result: {
        outcome: string | null
        items: Json | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] &
        DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] &
        DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I
      }
      ? I
      : never
    : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U
      }
      ? U
      : never
    : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never

export const Constants = {
  public: {
    Enums: {
      credit_source: [
        "purchase",
        "signup_bonus",
        "promotion",
        "adjustment",
        "migration",
        "plan",
      ],
      job_status: ["queued", "generating", "ready", "failed", "cancelled"],
      ledger_kind: [
        "grant",
        "reserve",
        "confirm",
        "release",
        "refund",
        "expire",
        "revoke",
        "debt",
        "repay",
        "forgive",
      ],
      purchase_status: [
        "open",
        "processing",
        "paid",
        "failed",
        "expired",
        "partially_refunded",
        "refunded",
        "disputed",
      ],
      reservation_status: ["reserved", "confirmed", "refunded"],
    },
  },
} as const
