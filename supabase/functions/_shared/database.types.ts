export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  public: {
    Tables: {
      stories: {
        Row: {
          id: string
          title: string | null
          status: string
          prompt: string
          age_min: number
          age_max: number
          language: string
          page_count: number
          pages: Json | null
          error_code: string | null
          created_at: string
          updated_at: string
        }
        Insert: {
          id?: string
          title?: string | null
          status?: string
          prompt?: string
          age_min?: number
          age_max?: number
          language?: string
          page_count?: number
          pages?: Json | null
          error_code?: string | null
          created_at?: string
          updated_at?: string
        }
        Update: {
          id?: string
          title?: string | null
          status?: string
          prompt?: string
          age_min?: number
          age_max?: number
          language?: string
          page_count?: number
          pages?: Json | null
          error_code?: string | null
          created_at?: string
          updated_at?: string
        }
        Relationships: []
      }
      books: {
        Row: {
          id: string
          story_id: string | null
          title: string
          status: string
          with_images: boolean
          page_count: number
          pdf_path: string | null
          error_code: string | null
          created_at: string
          updated_at: string
        }
        Insert: {
          id?: string
          story_id?: string | null
          title?: string
          status?: string
          with_images?: boolean
          page_count?: number
          pdf_path?: string | null
          error_code?: string | null
          created_at?: string
          updated_at?: string
        }
        Update: {
          id?: string
          story_id?: string | null
          title?: string
          status?: string
          with_images?: boolean
          page_count?: number
          pdf_path?: string | null
          error_code?: string | null
          created_at?: string
          updated_at?: string
        }
        Relationships: []
      }
      generation_jobs: {
        Row: {
          id: string
          job_type: string
          resource_id: string
          status: string
          stage: string | null
          pages_done: number
          pages_total: number | null
          attempt: number
          created_at: string
          updated_at: string
        }
        Insert: {
          id?: string
          job_type?: string
          resource_id?: string
          status?: string
          stage?: string | null
          pages_done?: number
          pages_total?: number | null
          attempt?: number
          created_at?: string
          updated_at?: string
        }
        Update: {
          id?: string
          job_type?: string
          resource_id?: string
          status?: string
          stage?: string | null
          pages_done?: number
          pages_total?: number | null
          attempt?: number
          created_at?: string
          updated_at?: string
        }
        Relationships: []
      }
      purchases: {
        Row: {
          id: string
          pack_id: string
          credits: number
          amount_cents: number
          currency: string
          status: string
          created_at: string
        }
        Insert: {
          id?: string
          pack_id?: string
          credits?: number
          amount_cents?: number
          currency?: string
          status?: string
          created_at?: string
        }
        Update: {
          id?: string
          pack_id?: string
          credits?: number
          amount_cents?: number
          currency?: string
          status?: string
          created_at?: string
        }
        Relationships: []
      }
      credit_packs: {
        Row: {
          id: string
          name: string
          credits: number
          amount_cents: number
          currency: string
          position: number
        }
        Insert: {
          id?: string
          name?: string
          credits?: number
          amount_cents?: number
          currency?: string
          position?: number
        }
        Update: {
          id?: string
          name?: string
          credits?: number
          amount_cents?: number
          currency?: string
          position?: number
        }
        Relationships: []
      }
      credit_pricing: {
        Row: {
          action: string
          credits: number
          unit: string
        }
        Insert: {
          action?: string
          credits?: number
          unit?: string
        }
        Update: {
          action?: string
          credits?: number
          unit?: string
        }
        Relationships: []
      }
    }
    Views: { [_ in never]: never }
    Functions: {
      apply_stripe_event: {
        Args: { p_event: Json }
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"]
      }
      attach_checkout_session: {
        Args: { p_purchase_id: string; p_user_id: string; p_session_id: string; p_url: string; p_expires_at: string }
        Returns: Database["public"]["CompositeTypes"]["attach_result"]
      }
      check_rate_limit: {
        Args: { p_identifier: string; p_action: string; p_max_requests: number; p_window_minutes?: number }
        Returns: Json
      }
      claim_job: {
        Args: { p_job_id?: string; p_worker?: string; p_job_type?: string }
        Returns: Database["public"]["CompositeTypes"]["job_claim_result"]
      }
      cleanup_rate_limits: {
        Args: never
        Returns: number
      }
      complete_book: {
        Args: { p_job_id: string; p_attempt: number; p_pdf_path: string; p_page_count: number; p_byte_size: number }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
      }
      complete_story: {
        Args: { p_job_id: string; p_attempt: number; p_title: string; p_pages: Json }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
      }
      confirm_credits: {
        Args: { p_usage_log_id: string; p_user_id: string; p_amount?: number }
        Returns: Database["public"]["CompositeTypes"]["settlement_result"]
      }
      create_book: {
        Args: { p_user_id: string; p_request: Json; p_idempotency_key?: string }
        Returns: Database["public"]["CompositeTypes"]["admission_result"]
      }
      create_checkout: {
        Args: { p_user_id: string; p_pack_id: string }
        Returns: Database["public"]["CompositeTypes"]["checkout_result"]
      }
      create_story: {
        Args: { p_user_id: string; p_request: Json; p_idempotency_key?: string }
        Returns: Database["public"]["CompositeTypes"]["admission_result"]
      }
      delete_book: {
        Args: { p_user_id: string; p_book_id: string }
        Returns: Database["public"]["CompositeTypes"]["deletion_result"]
      }
      delete_story: {
        Args: { p_user_id: string; p_story_id: string }
        Returns: Database["public"]["CompositeTypes"]["deletion_result"]
      }
      erase_user: {
        Args: { p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["erasure_result"]
      }
      expire_credits: {
        Args: never
        Returns: number
      }
      extend_reservation: {
        Args: { p_usage_log_id: string; p_user_id: string; p_ttl?: unknown }
        Returns: Database["public"]["CompositeTypes"]["extension_result"]
      }
      fail_job: {
        Args: { p_job_id: string; p_attempt: number; p_error_code: string; p_message?: string; p_retryable?: boolean }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
      }
      grant_credits: {
        Args: { p_user_id: string; p_amount: number; p_source: string; p_grant_key: string; p_expires_at?: string; p_description?: string }
        Returns: Database["public"]["CompositeTypes"]["grant_result"]
      }
      heartbeat_job: {
        Args: { p_job_id: string; p_attempt: number; p_pages_done?: number; p_pages_total?: number; p_stage?: string }
        Returns: Database["public"]["CompositeTypes"]["job_result"]
      }
      read_balance: {
        Args: { p_user_id: string }
        Returns: Database["public"]["CompositeTypes"]["balance_result"]
      }
      read_usage: {
        Args: { p_user_id: string; p_limit?: number; p_cursor?: string }
        Returns: Database["public"]["CompositeTypes"]["usage_result"]
      }
      release_credits: {
        Args: { p_usage_log_id: string; p_user_id: string; p_reason?: string }
        Returns: Database["public"]["CompositeTypes"]["settlement_result"]
      }
      release_stale_reservations: {
        Args: { p_ttl_minutes?: number }
        Returns: number
      }
      replay_stripe_event: {
        Args: { p_event_id: string }
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"]
      }
      requeue_stale_jobs: {
        Args: never
        Returns: number
      }
      reserve_credits: {
        Args: { p_user_id: string; p_amount: number; p_job_id: string; p_job_type: string; p_description?: string; p_metadata?: Json; p_ttl?: unknown }
        Returns: Database["public"]["CompositeTypes"]["reservation_result"]
      }
    }
    Enums: { [_ in never]: never }
    CompositeTypes: {
      grant_result: {
        outcome: string | null
        batch_id: string | null
        amount: number | null
        debt_paid: number | null
        available: number | null
        reserved: number | null
        debt: number | null
      }
      reservation_result: {
        outcome: string | null
        usage_log_id: string | null
        amount: number | null
        required: number | null
        available: number | null
        reserved: number | null
        expires_at: string | null
      }
      settlement_result: {
        outcome: string | null
        usage_log_id: string | null
        charged: number | null
        returned: number | null
        available: number | null
        reserved: number | null
      }
      extension_result: {
        outcome: string | null
        usage_log_id: string | null
        expires_at: string | null
      }
      balance_result: {
        outcome: string | null
        balance: number | null
        reserved: number | null
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
      checkout_result: {
        outcome: string | null
        purchase_id: string | null
        credits: number | null
        amount_cents: number | null
        currency: string | null
        stripe_price_id: string | null
        pack_name: string | null
        stripe_session_id: string | null
        checkout_url: string | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
      }
      attach_result: {
        outcome: string | null
        purchase_id: string | null
      }
      stripe_event_result: {
        outcome: string | null
        event_id: string | null
        reason: string | null
        purchase_id: string | null
        user_id: string | null
      }
      admission_result: {
        outcome: string | null
        code: string | null
        field: string | null
        message: string | null
        resource_id: string | null
        job_id: string | null
        status: string | null
        cost: number | null
        required: number | null
        rate_limit: number | null
        rate_remaining: number | null
        rate_window_seconds: number | null
        retry_after_seconds: number | null
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
        status: string | null
        user_id: string | null
        resource_id: string | null
      }
      deletion_result: {
        outcome: string | null
        pdf_paths: string[] | null
      }
      erasure_result: {
        outcome: string | null
      }
    }
  }
}
