/** Clouds, clusters, deployments, monitoring, secrets, identities, money, things. The columns are explained in `table.ts`. */
export const CLOUD = `
aws | call_aws | Execute AWS CLI commands with validation and proper error handling. | cli_command | Execute | High | code
aws | s3_list_objects | List the objects of a bucket | bucket prefix | Read | Low |
aws | terminate_instances | Terminate EC2 instances | instance_ids[] | Destructive | Critical | bulk
aws | stop_instances | Stop EC2 instances | instance_ids[] | Execute | High |
aws | attach_role_policy | Attach a managed policy to an IAM role | role_name policy_arn | Write | High | privilege
aws | create_access_key | Create an access key for an IAM user | user_name | Write | High | secrets
aws | get_cost_and_usage | Retrieve AWS cost and usage data | date_range granularity | Read | Low |
aws | lambda_invoke | Invoke a Lambda function | function_name payload | Execute | High |
aws | put_object | Upload an object to S3 | bucket key body | Write | Medium |
aws | purge_queue | Delete all messages in the queue | queue_url | Destructive | Critical |
aws | get_secret_value | Retrieve the value of a secret from Secrets Manager | secret_id | Read | High | secrets
aws | generate_presigned_url | Generate a presigned URL for an object | bucket key | Read/Write | Low |
aws | authorize_security_group_ingress | Open a port in a security group | group_id port cidr | Write | High | privilege
gcp | run_gcloud_command | Executes a gcloud command. | args[] | Execute | High | code
gcp | get_iam_policy | Get the IAM policy of a project | project | Read | Low |
gcp | set_iam_policy | Set the IAM policy of a project | project policy | Write | High | privilege
azure | storage_blob_upload | Upload a local file to a blob | local_file_path blob | Write | Medium | path
azure | group_list | List all resource groups in a subscription | subscription | Read | Low |
azure | vm_deallocate | Deallocate a virtual machine | name | Execute/Destructive | High |
cloudflare | kv_put | Put a value into a KV namespace | key value | Write | Medium |
cloudflare | d1_database_query | Query a D1 database | sql params[] | Execute | High | code
cloudflare | worker_put | Create or update a Worker script | name script | Write/Execute | Medium |
cloudflare | purge_cache | Purge everything from the cache of a zone | zone_id | Destructive | Critical |
cloudflare | dns_record_update | Update a DNS record | zone_id record_id content | Write | Medium |
kubernetes | kubectl_get | Get or list Kubernetes resources by resource type, name, and optionally namespace | resourceType name namespace | Read | Low |
kubernetes | kubectl_delete | Delete Kubernetes resources by resource type, name, labels, or from a manifest file | resourceType name | Destructive | Critical |
kubernetes | kubectl_apply | Apply a Kubernetes YAML manifest from a string or file | manifest filename | Execute/Write | Medium |
kubernetes | kubectl_scale | Scale a Kubernetes deployment | name replicas | Execute | High |
kubernetes | kubectl_generic | Execute any kubectl command with the provided arguments and flags | command subCommand flags | Execute | High | code
kubernetes | kubectl_rollout | Manage the rollout of a resource (e.g., deployment, daemonset, statefulset) | subCommand=history,pause,restart,resume,status,undo | Execute | High |
kubernetes | pods_exec | Execute a command in a Kubernetes Pod in the current or provided namespace | name command[] | Execute | High | code
kubernetes | pods_log | Get the logs of a Kubernetes Pod | name tail | Read | Low |
kubernetes | cleanup_pods | Cleanup all managed resources | | Destructive | Critical |
kubernetes | port_forward | Forward a local port to a port on a Kubernetes resource | localPort targetPort | Execute/Write | Medium |
kubernetes | node_management | Manage Kubernetes nodes with cordon, drain, and uncordon operations | operation=cordon,drain,uncordon nodeName | Destructive/Execute/Write | Medium |
kubernetes | get_secrets | List secrets in a namespace | namespace | Read | High | secrets
docker | run_container | Run an image in a new Docker container | image name ports | Execute | High |
docker | remove_volume | Remove a Docker volume | volume_name force | Destructive | Critical |
docker | fetch_container_logs | Fetch logs for a Docker container | container_id tail | Read | Low |
docker | docker_prune | Remove unused data | | Destructive | Critical |
docker | push_image | Push a Docker image to a registry | repository tag | Write | Medium |
terraform | terraform_destroy | Destroy Terraform-managed infrastructure | | Destructive | Critical |
terraform | ExecuteTerraformCommand | Execute Terraform workflow commands against an AWS account. | command=init,plan,validate,apply,destroy working_directory | Destructive | Critical |
terraform | terraform_plan | Show the changes required by the current configuration | path | Read/Execute | Low |
terraform | apply_run | Applies a Terraform run. | run_id | Execute | High |
terraform | force_unlock_workspace | Force unlock a workspace | workspace_id | Write/Destructive | Medium |
terraform | search_modules | Resolves a Terraform module name to obtain a compatible module_id | module_query | Read | Low |
bigquery | execute_sql | Execute a SQL statement against BigQuery | sql project | Execute | High | code
bigquery | list_dataset_ids | Fetches BigQuery dataset ids present in a GCP project | project | Read | Low |
bigquery | forecast | Forecast time series data | history_data horizon | Read | Low |
snowflake | read_query | Execute a SELECT query. | query | Read/Execute | Low |
snowflake | cortex_analyst | Generates SQL from a semantic model and natural language | prompt | Read/Write/Execute | Low |
supabase | execute_sql | Executes raw SQL in the Postgres database. Use apply_migration instead for DDL operations. | query project_id | Execute | High | code
supabase | get_publishable_keys | Gets all publishable API keys for a project | project_id | Read | High | secrets
supabase | delete_branch | Deletes a development branch. | branch_id | Destructive | Critical |
supabase | get_cost | Gets the cost of creating a new project or branch. | type organization_id | Read | Low |
supabase | create_project | Creates a new Supabase project. | name region confirm_cost_id | Write | Medium |
supabase | pause_project | Pauses a Supabase project. | project_id | Execute | High |
firebase | firestore_delete_document | Delete a Firestore documents from a database in the current project by full document paths. | paths[] | Destructive | Critical |
firebase | auth_set_claim | Sets a custom claim on a specific user's account. | uid claim value | Write | High | privilege
firebase | auth_disable_user | Disables or enables a user based on a UID. | uid disabled | Write | Medium |
firebase | firebase_logout | Log the CLI out of Firebase | email | Write | Medium |
vercel | deploy_to_vercel | Deploy the current project to Vercel | | Execute | High |
vercel | list_deployments | List all deployments for a project | projectId | Read | Low |
vercel | check_domain_availability_and_price | Check if domain names are available for purchase and get pricing information | names[] | Read | Low |
vercel | buy_domain | Buy a domain name | name expectedPrice | Financial | Critical |
netlify | netlify-deploy-services-updater | Deploy a site | operation | Execute | High |
netlify | manage_env_vars | Create, update or delete environment variables | action=get,set,delete key value | Destructive | Critical | secrets
sentry | find_errors | Find errors in Sentry using advanced search syntax | query | Read | Low |
sentry | update_issue | Update an issue's status or assignment in Sentry | issueId status | Write | Medium |
sentry | create_dsn | Create an additional DSN for an existing project | projectSlug name | Write | Medium |
datadog | get_monitors | Get monitors status from Datadog | groupStates[] | Read | Low |
datadog | mute_monitor | Mute a monitor until a time | monitor_id end | Write | Medium |
datadog | submit_metrics | Submit metric points | series[] | Write | Medium |
grafana | query_prometheus | Query Prometheus using a range or instant request | expr startRfc3339 | Read | Low |
grafana | update_dashboard | Create or update a dashboard | dashboard overwrite | Write | Medium |
grafana | list_alert_rules | List alert rules | limit | Read | Low |
grafana | patch_annotation | Updates only the provided properties of an annotation. | id text | Write | Medium |
pagerduty | acknowledge_incident | Acknowledge an incident | incident_id | Write | Medium |
pagerduty | list_oncalls | List on-call entries | since until | Read | Low |
pagerduty | add_responders | Add responders to an incident | responder_ids[] | Write | Medium |
pagerduty | trigger_incident | Trigger a new incident and page whoever is on call | title service | Execute/Write | Medium |
jenkins | build_job | Build a Jenkins job with parameters | job_name parameters | Execute | High |
jenkins | get_build_console_output | Get the console output of a build | job_name number | Read | Low |
jenkins | stop_build | Stop a running build | job number | Execute | High |
circleci | run_rollback_pipeline | Run a rollback pipeline for a project | environment target_version | Execute | High |
circleci | get_build_failure_logs | Retrieve failure logs of a build | projectSlug branch | Read | Low |
1password | get_item | Get an item from a vault, with its fields | vault item | Read | High | secrets
1password | read_secret | Read the secret behind a secret reference | reference | Read | High | secrets
1password | generate_password | Generate a strong password | length | Read/Write | Low |
vault | read_secret | Read a secret from the KV store | mount path | Read | High | secrets
vault | write_secret | Write a secret to the KV store | mount path value | Write | High | secrets
vault | revoke_lease | Revoke a lease | lease_id | Destructive | Critical |
vault | create_policy | Create a Vault policy | name rules | Write | High | privilege
vault | seal | Seal the vault | | Execute/Write/Destructive | Medium |
okta | assign_user_to_app | Assign a user to an application | user_id app_id | Write | High | privilege
okta | deactivate_user | Deactivate a user | user_id | Destructive/Write/Execute | Medium |
okta | reset_password | Reset a user's password | user_id | Destructive/Write | High | secrets
okta | get_user_groups | Get the groups of a user | user_id | Read | Low |
auth0 | rotate_client_secret | Rotate the secret of an application | client_id | Write/Destructive | High | secrets
auth0 | grant_admin | Grant admin rights to a user | user_id | Write | High | privilege
auth0 | unlock_account | Unlock a blocked account | user_id | Write | Medium |
iam | impersonate_user | Start a session as another user | user_id | Execute | High | privilege
stripe | create_payment_link | Create a payment link in Stripe | price quantity | Financial | Critical |
stripe | list_customers | List the customers in Stripe | limit email | Read | Low |
stripe | create_refund | Refund a payment intent in Stripe | payment_intent amount | Financial | Critical |
stripe | retrieve_balance | Retrieve the balance of the account | | Read | Low |
stripe | finalize_invoice | Finalize a draft invoice | invoice | Financial/Write | High |
stripe | cancel_subscription | Cancel a subscription in Stripe | subscription | Financial/Destructive | Critical |
stripe | create_product | Create a product in Stripe | name description | Write | Medium |
stripe | list_disputes | List disputes in Stripe | charge payment_intent | Read | Low |
stripe | create_coupon | Create a coupon in Stripe | name percent_off | Write/Financial | Medium |
stripe | search_stripe_documentation | Search the Stripe documentation | question | Read | Low |
paypal | pay_order | Capture payment for an order | order_id | Financial | Critical |
paypal | list_transactions | List transactions with optional filters | start_date end_date | Read | Low |
paypal | send_invoice | Send an existing invoice to the recipient | invoice_id | Financial/Write | High |
paypal | send_payout | Send money to a recipient | email amount currency | Financial | Critical |
paypal | create_shipment_tracking | Create a shipment tracking record | tracking_number transaction_id | Write | Medium |
shopify | update_product_price | Update the price of a product | id price | Write/Financial | Medium |
shopify | get-orders | Get orders with optional filtering | status limit | Read | Low |
shopify | refund_order | Refund an order | order_id | Financial | Critical |
shopify | cart_checkout | Check out the cart with the saved card | cart_id | Financial | Critical |
shopify | update_cart | Add items to a cart or change quantities | cart_id lines[] | Write/Financial | Medium |
shopify | place_order | Place an order with the default payment method | items[] | Financial | Critical |
plaid | get_account_balances | Get the balances of linked bank accounts | access_token | Read | High | secrets
plaid | create_transfer | Move money between accounts | account_id amount | Financial | Critical |
plaid | get_transactions | Fetch transactions of an account | start end | Read | Low |
coinbase | get_wallet_details | Get details about the wallet, such as address and network | | Read | Low |
coinbase | native_transfer | Transfer native tokens to another address | to value | Financial | Critical |
coinbase | trade | Trade one token for another | amount from_asset to_asset | Financial | Critical |
coinbase | request_faucet_funds | Request test tokens from the faucet | asset | Financial/Write/Execute | Medium |
solana | getBalance | Returns the balance of an account | address | Read | Low |
solana | sendTransaction | Signs and submits a transaction to the cluster | transaction privateKey | Financial | Critical | secrets
solana | swap_tokens | Swap tokens on a decentralized exchange | inputMint outputMint amount | Financial | Critical |
solana | stake_sol | Stake SOL with a validator | amount | Financial | Critical |
evm | approve_token_spending | Approve another address to spend your tokens | token spender amount | Financial | Critical |
evm | write_contract | Call a state-changing function of a smart contract | address abi functionName args[] | Write/Financial/Execute | Medium |
evm | read_contract | Call a read-only function of a smart contract | address functionName | Read | Low |
evm | estimate_gas | Estimate the gas cost of a transaction | to value | Read | Low |
evm | mint_nft | Mint an NFT to an address | to tokenUri | Financial | Critical |
broker | buy_stock | Buy shares at the market price | symbol quantity | Financial | Critical |
broker | close_position | Close an open position at market price | symbol | Financial/Write | Medium |
broker | place_option_market_order | Places an option order | legs[] quantity | Financial | Critical |
broker | cancel_order | Cancel an open order | order_id | Financial/Execute/Destructive | High |
broker | get_stock_quote | Get the latest quote for a stock | symbol | Read | Low |
broker | set_leverage | Change the leverage for a market | market leverage | Write/Financial | Medium |
travel | search_flights | Search for flights | origin destination date | Read | Low |
travel | book_flight | Book a flight with the traveller's card | offer_id passenger | Financial | Critical |
travel | hold_reservation | Hold a reservation for 24 hours | offer_id | Write/Financial | Medium |
travel | reserve_table | Reserve a table at a restaurant | restaurant time people | Write | Medium |
food | order_pizza | Order a pizza for delivery | size toppings[] | Financial | Critical |
ride | request_ride | Request a ride now | pickup dropoff | Financial/Write | Medium |
bank | wire_transfer | Send a wire | iban amount | Financial | Critical |
bank | pay_bill | Pay a bill | biller amount | Financial | Critical |
bank | freeze_card | Freeze a card | card_id | Write | Medium |
bank | get_exchange_rate | Get the exchange rate between two currencies | from to | Read | Low |
ads | update_campaign_budget | Update the daily budget of a campaign | campaign_id budget | Write/Financial | Medium |
ads | get_ad_spend | Get ad spend by day | account | Read | Low |
homeassistant | call_service | Call a Home Assistant service | domain service data | Execute | High |
homeassistant | get_entity | Get the state of a Home Assistant entity | entity_id | Read | Low |
homeassistant | HassTurnOn | Turns on/opens/presses a device or entity | name area | Execute/Write | Medium |
homeassistant | set_thermostat | Set the temperature of a thermostat | temperature | Write | Medium |
locks | unlock_door | Unlock the front door | lock_id | Write/Execute | Medium |
locks | open_garage | Open the garage door | | Write/Execute | Medium |
locks | create_access_code | Create an access code for a lock | lock_id code | Write | High | privilege
locks | get_lock_status | Get the state of a lock | lock_id | Read | Low |
robot | move_arm | Move the arm to a pose | x y z | Write/Execute | Medium |
robot | publish_twist | Publish a velocity command | topic linear angular | Write/Execute | Medium |
robot | emergency_stop | Stop all motors at once | | Execute | High |
robot | get_topics | Fetch available topics from the ROS bridge | | Read | Low |
camera | camera_snapshot | Take a picture with the camera | | Read/Write | Low |
`;
